package incident

// Level says how bad an outage is for care: L1 local … L4 extreme. 0 means not set.
type Level int

// The levels.
const (
	L1 Level = 1 + iota
	L2
	L3
	L4
)

// String returns L1 … L4, or "" when not set.
func (l Level) String() string {
	if l < L1 || l > L4 {
		return ""
	}
	return "L" + string(rune('0'+int(l)))
}

// Phase is where an outage stands in its life.
type Phase string

// The phases, in order. Cancelled ends a false alarm.
const (
	Open       Phase = "open"
	Restored   Phase = "restored"   // usable again, being watched for a relapse
	Recovering Phase = "recovering" // watch is over; paper is being entered
	Closed     Phase = "closed"
	Cancelled  Phase = "cancelled"
	Merged     Phase = "merged" // goes on as part of another outage
)

// Ended reports whether nothing more is owed.
func (p Phase) Ended() bool { return p == Closed || p == Cancelled || p == Merged }
