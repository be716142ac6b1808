package hospital

// Template is the layout of one message.
type Template struct {
	ID       string
	Audience string // clinical, leaders, engineer, overhead or all
	Text     Text
	Fields   []string // the names to fill, in order of appearance
}

// Limits is how large a message to an audience may be; 0 is no limit.
type Limits struct {
	MaxLines   int
	MaxCharsZH int
	MaxWordsEN int
	Order      []string // what comes first to last
}
