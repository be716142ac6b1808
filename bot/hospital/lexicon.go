package hospital

import (
	"slices"
	"strings"
	"unicode"
)

// lexicon knows the words that name the things of one kind.
type lexicon struct {
	ids   []string
	exact map[string]int // folded word to the place in ids
	words []word
	first map[rune][]int // places in words by their first folded rune
	kinds []string       // what things of the kind are called, which a name may carry or leave out
}

// word is one way to name a thing inside a sentence.
type word struct {
	folded []rune
	given  []rune // as written, width folded and separators taken out
	id     int
	ascii  bool // must stand as a word of its own
	short  bool // must stand in exactly this case: OR and IT are also English words
	vague  bool // counts only where nothing else is named
}

// add enters a thing. Words it shares with a thing entered earlier stay with the earlier one.
func (x *lexicon) add(id string, name Text, aliases, vague Words) {
	if x.exact == nil {
		x.exact, x.first = map[string]int{}, map[rune][]int{}
	}
	n := len(x.ids)
	x.ids = append(x.ids, id)
	if x.claim(id, n) && strings.ContainsRune(id, '_') {
		x.enter(id, n, false) // his is an id and an English word, his_db is an id only
	}
	for _, l := range Langs() {
		x.enter(name.In(l), n, false)
		if head, _, ok := strings.Cut(fullToHalf(name.In(l)), "("); ok {
			x.enter(head, n, false)
		}
		for _, w := range aliases.In(l) {
			x.enter(w, n, false)
		}
		for _, w := range vague.In(l) {
			x.enter(w, n, true)
		}
	}
}

// claim makes a text name a thing when it stands alone, unless it already names another.
func (x *lexicon) claim(text string, id int) bool {
	key := fold(text)
	if key == "" {
		return false
	}
	if owner, taken := x.exact[key]; taken {
		return owner == id
	}
	x.exact[key] = id
	return true
}

// enter makes a text name a thing alone and inside sentences.
func (x *lexicon) enter(text string, id int, vague bool) {
	if !x.claim(text, id) {
		return
	}
	w := word{folded: []rune(fold(text)), given: []rune(bare(text)), id: id, vague: vague, ascii: true}
	upper := false
	for _, r := range w.given {
		w.ascii = w.ascii && r < unicode.MaxASCII
		upper = upper || unicode.IsUpper(r)
	}
	w.short = w.ascii && upper && len(w.given) <= 3
	if slices.ContainsFunc(x.words, func(o word) bool { return o.id == id && slices.Equal(o.given, w.given) }) {
		return // the same in both languages
	}
	x.first[w.folded[0]] = append(x.first[w.folded[0]], len(x.words))
	x.words = append(x.words, w)
}

// fullToHalf turns full-width letters, digits and signs, and the wide space, into ASCII.
func fullToHalf(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000':
			return ' '
		case r >= '\uff01' && r <= '\uff5e':
			return r - 0xfee0
		}
		return r
	}, s)
}

// separator reports what may stand between the parts of a name, or not: wi-fi, wifi, Wi Fi.
func separator(r rune) bool {
	return unicode.IsSpace(r) || r == '-' || r == '_' || r == '\u2010' || r == '\u2011'
}

// bare folds width and takes separators out, but keeps the case.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if separator(r) {
			return -1
		}
		return r
	}, fullToHalf(s))
}

// fold is the form in which two spellings of a name are the same.
func fold(s string) string {
	return strings.Map(unicode.ToLower, bare(s))
}

// withKind returns a name with and without the word for what it names: people say the pharmacy or the
// pharmacy system and mean the same. Only Chinese gets the word added: "the" is no name of the system.
func (x *lexicon) withKind(key string) []string {
	var out []string
	for _, word := range x.kinds {
		switch cut, ok := strings.CutSuffix(key, word); {
		case ok && cut != "":
			out = append(out, cut)
		case strings.ContainsFunc(key, isHan) && strings.ContainsFunc(word, isHan):
			out = append(out, key+word)
		}
	}
	return out
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// find returns the thing text names, or the nearest ones.
func (x *lexicon) find(text string) (string, []string) {
	key := fold(text)
	if key == "" {
		return "", nil
	}
	for _, form := range append([]string{key}, x.withKind(key)...) {
		if id, ok := x.exact[form]; ok {
			return x.ids[id], nil
		}
	}
	best := map[string]int{}
	for w, id := range x.exact {
		if d, ok := distance(key, w); ok {
			if old, seen := best[x.ids[id]]; !seen || d < old {
				best[x.ids[id]] = d
			}
		}
	}
	var near []string
	for _, id := range x.ids { // in order, so that equal ones come in the same order every time
		if _, ok := best[id]; ok {
			near = append(near, id)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return best[a] - best[b] })
	return "", near[:min(len(near), maxNear)]
}
