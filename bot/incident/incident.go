package incident

// Incident is the fold of its events.
type Incident struct {
	ID      ID
	Version int
}
