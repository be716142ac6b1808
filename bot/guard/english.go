package guard

import (
	"slices"
	"strings"
)

var (
	// betweenEnglishBedAndName may stand between a bed and a name.
	betweenEnglishBedAndName = []string{
		" ", ",", ":", "-", "(", "/", "'", "is", "has", "with", "the", "patient", "pt", "named", "called", "name", "for", "lady", "man", "gentleman", "woman", "that", "there", "lies", "where", "who",
	}
	// betweenEnglishNameAndBed may stand between a name and a bed.
	betweenEnglishNameAndBed = []string{" ", ",", ":", "-", "(", "/", "in", "is", "at", "on", "of", "from", "to", "moved", "now", "lying", "occupies", "who", "s", "'"}
	// persons stand before a surname.
	persons = []string{"mr", "mrs", "ms", "miss", "mister", "madam", "master", "baby", "mr.", "mrs.", "ms."}
	// staffTitles before a name say that it is no patient's.
	staffTitles = []string{"dr", "dr.", "doctor", "nurse", "sister", "matron", "engineer", "prof", "professor", "technician", "pharmacist", "sir"}
	// callsPatient announces a patient's name.
	callsPatient = []string{"patient", "pt", "patient name", "pt name", "patient's name", "name of patient", "name of the patient"}
)

// englishNames finds names in Latin letters beside a bed, an age or the word patient.
func (s *search) englishNames() {
	if s.found[NamedPatient] {
		return
	}
	for _, word := range []string{"bed", "cot", "bay"} {
		each(s.low, word, func(from, to int) {
			end := s.bedNumber(to)
			if end == 0 {
				return
			}
			if s.personAt(after(s.low, end, betweenEnglishBedAndName)) > 0 || s.personEnds(before(s.low, from, betweenEnglishNameAndBed)) {
				s.add(NamedPatient)
			}
		})
	}
	for _, word := range callsPatient {
		each(s.low, word, func(_, to int) {
			if s.personAt(after(s.low, to, []string{" ", ":", "name", "is", "called", "named", "-", "\"", ",", "'"})) > 0 {
				s.add(NamedPatient)
			}
		})
	}
	s.agedPersons()
	s.bornPersons()
}

// bedNumber returns the place after the number of a bed, 0 if none follows.
func (s *search) bedNumber(i int) int {
	i = after(s.low, i, []string{" ", "#", "no", "no.", "number", ":", "-"})
	if letter(at(s.low, i)) && digit(at(s.low, i+1)) {
		i++
	}
	j := i
	for digit(at(s.low, j)) {
		j++
	}
	if j == i || j > i+3 {
		return 0
	}
	if letter(at(s.low, j)) && !letter(at(s.low, j+1)) {
		j++
	}
	return j
}

// personAt reads a person's name at a place and returns its length, 0 for none.
func (s *search) personAt(i int) int {
	start := i
	title := s.word(i)
	if oneOf(s.low[i:title], staffTitles) {
		return 0
	}
	if oneOf(s.low[i:title], persons) {
		i = after(s.low, title, []string{" ", "."})
		if j := s.word(i); j > i+1 && !oneOf(s.low[i:j], grammar) {
			return j - start
		}
		return 0
	}
	first := s.word(i)
	if first < i+2 {
		return 0
	}
	j := first
	for at(s.low, j) == ' ' || at(s.low, j) == '.' || at(s.low, j) == ',' && capital(s.plain, i, first) {
		j++
	}
	if j == first || j > first+2 {
		return 0
	}
	last := s.word(j)
	if mid := s.word(last + 1); last == j+1 && mid > last+2 {
		j, last = last+1, mid // John B Smith
	}
	if last < j+2 || !s.looksNamed(i, first, j, last) {
		return 0
	}
	return last - start
}

// personEnds tells whether a person's name ends at a place.
func (s *search) personEnds(end int) bool {
	i := end
	for range 3 {
		for i > 0 && (s.low[i-1] == ' ' || s.low[i-1] == '.' || s.low[i-1] == ',') {
			i--
		}
		for i > 0 && (letter(s.low[i-1]) || s.low[i-1] == '-' || s.low[i-1] == '\'') {
			i--
		}
		if i == end || i < 0 {
			return false
		}
		if n := s.personAt(i); n > 0 && i+n >= end {
			return !s.staffBefore(i)
		}
	}
	return false
}

func (s *search) staffBefore(i int) bool {
	j := i
	for j > 0 && (s.low[j-1] == ' ' || s.low[j-1] == '.') {
		j--
	}
	k := j
	for k > 0 && letter(s.low[k-1]) {
		k--
	}
	return oneOf(s.low[k:j], staffTitles)
}

// looksNamed judges two words: capitals that are no term of the trade, or names that are known.
func (s *search) looksNamed(a, b, c, d int) bool {
	first, last := s.low[a:b], s.low[c:d]
	if oneOf(first, grammar) || oneOf(last, grammar) {
		return false
	}
	known := oneOf(first, givenNames) && !trade(last) || oneOf(first, pinyin) && syllables(last) && capital(s.plain, a, b)
	if known && (capital(s.plain, a, b) || oneOf(first, givenNames)) && last != "" {
		return true
	}
	return title(s.plain, a, b) && title(s.plain, c, d) && !trade(first) && !trade(last)
}

// agedPersons finds a name with an age behind it.
func (s *search) agedPersons() {
	for _, w := range []string{"year old", "years old", "year-old", "yo", "y/o", "yrs", "yr old", "aged", "age"} {
		each(s.low, w, func(from, to int) {
			i := before(s.low, from, []string{" ", "-"})
			j := i
			for j > 0 && digit(s.low[j-1]) {
				j--
			}
			if j == i && strings.HasPrefix(w, "age") && digit(at(s.low, after(s.low, to, []string{" ", ":"}))) {
				j = from
			} else if j == i {
				return
			}
			if s.personEnds(before(s.low, j, []string{" ", ",", "(", "is", "a", "-", "/"})) {
				s.add(NamedPatient)
			}
		})
	}
}

// bornPersons finds a name with a date of birth behind it.
func (s *search) bornPersons() {
	for _, r := range s.runs {
		d := dateAt(s.low, r.from)
		if d.length > 0 && d.year > 0 && d.year <= youngest && !digit(at(s.low, r.from-1)) &&
			s.personEnds(before(s.low, r.from, []string{" ", ",", "(", "-"})) {
			s.add(BirthDate)
		}
	}
}

// word returns the place after the Latin word at a place.
func (s *search) word(i int) int {
	for letter(at(s.low, i)) || i < len(s.low) && (s.low[i] == '-' || s.low[i] == '\'') && letter(at(s.low, i+1)) && letter(at(s.low, i-1)) {
		i++
	}
	return min(i, len(s.low))
}

// capital tells a word with a capital first.
func capital(s string, a, b int) bool { return b > a && s[a] >= 'A' && s[a] <= 'Z' }

// title tells a word with one capital, first; an abbreviation is none.
func title(s string, a, b int) bool {
	return capital(s, a, b) && b > a+1 && s[a+1] >= 'a'
}

func oneOf(w string, words []string) bool {
	return slices.Contains(words, w)
}

// syllables tells whether a word could be a Chinese given name written in Latin letters.
func syllables(w string) bool {
	if len(w) > 12 {
		return false
	}
	vowels := 0
	for i := range len(w) {
		if strings.IndexByte("aeiou", w[i]) >= 0 {
			vowels++
		}
	}
	end := w[len(w)-1]
	return vowels > 0 && strings.IndexByte("aeioungr", end) >= 0 && !trade(w)
}
