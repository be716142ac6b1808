package incident

import "fmt"

// Refusal is why a command was not carried out. It names a phrase and its arguments, so that it can
// be said in any language; it is the only error Decide returns.
type Refusal struct {
	Phrase string
	Args   map[string]any
}

// Error names the phrase; people read the phrase itself.
func (r *Refusal) Error() string { return fmt.Sprintf("refused: %s %v", r.Phrase, r.Args) }

// refuse makes a Refusal from a phrase and pairs of argument name and value.
func refuse(phrase string, pairs ...any) *Refusal {
	r := &Refusal{Phrase: phrase, Args: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Args[pairs[i].(string)] = pairs[i+1]
	}
	return r
}
