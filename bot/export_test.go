package bot

import "strings"

// Quote is a whole text as QuotePart quotes it part by part, for tests that hold the parts against it.
func (v Voice) Quote(id string) string {
	p, ok := v.passage(id)
	if !ok {
		return ""
	}
	if why := v.unquotable(p, v.desk.inOutage()); why != "" {
		return why
	}
	return strings.Join(append(v.head(p), p.body...), "\n")
}
