package guard

import "strings"

// dated is a date that was found at a place.
type dated struct {
	length int // bytes; 0 is none
	year   int // with two digits only, 0
}

// months are the English names, by their first three letters.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// dateAt reads a date with year, month and day, or year and month in Chinese.
func dateAt(s string, i int) dated {
	if d := numericDate(s, i); d.length > 0 {
		return d
	}
	return englishDate(s, i)
}

// numericDate reads 1950-03-02, 1950年3月2日, 19500302, 02/03/1950 and 2.3.50.
func numericDate(s string, i int) dated {
	a, j := number(s, i)
	if j-i == 8 && plausible(a/10000) && date(a/100%100, a%100) {
		return dated{8, a / 10000}
	}
	sep := separator(s, j)
	if j == i || sep == 0 {
		return dated{}
	}
	b, k := number(s, j+sep)
	if k == j+sep || k > j+sep+2 {
		return dated{}
	}
	sep2 := separator(s, k)
	if sep2 == 0 {
		return dated{}
	}
	c, l := number(s, k+sep2)
	switch {
	case plausible(a) && j-i == 4 && l > k+sep2 && l <= k+sep2+2 && date(b, c):
		if strings.HasPrefix(s[l:], "日") || strings.HasPrefix(s[l:], "号") {
			l += len("日")
		}
		return dated{l - i, a}
	case plausible(a) && j-i == 4 && strings.HasPrefix(s[k:], "月") && date(b, 1):
		return dated{k + len("月") - i, a}
	case j-i <= 2 && l-k-sep2 == 4 && plausible(c) && (date(a, b) || date(b, a)):
		return dated{l - i, c}
	case j-i <= 2 && l-k-sep2 == 2 && (date(a, b) || date(b, a)):
		return dated{l - i, 0}
	}
	return dated{}
}

// englishDate reads 2 March 1950, 2nd of Mar 1950 and March 2, 1950.
func englishDate(s string, i int) dated {
	day, j := number(s, i)
	if j > i+2 {
		return dated{}
	}
	lead := j > i
	if lead {
		j = after(s, j, []string{" ", "-", "of"})
		for _, end := range []string{"st", "nd", "rd", "th"} {
			if strings.HasPrefix(s[j:], end) && !letter(at(s, j+2)) {
				j = after(s, j+2, []string{" ", "-", "of"})
			}
		}
	}
	word := j
	for letter(at(s, j)) {
		j++
	}
	if j-word < 3 || !monthly(s[word:j]) {
		return dated{}
	}
	j = after(s, j, []string{" ", ".", "-", ","})
	if !lead {
		from := j
		if day, j = number(s, j); j == from || j > from+2 {
			return dated{}
		}
		j = after(s, j, []string{" ", ",", "th", "st", "nd", "rd"})
	}
	year, k := number(s, j)
	if k-j != 4 || !plausible(year) || day < 1 || day > 31 {
		return dated{}
	}
	return dated{k - i, year}
}

func monthly(word string) bool {
	for _, m := range months {
		if strings.HasPrefix(word, m) {
			return true
		}
	}
	return false
}

// number reads digits and returns the place after them; more than eight are no number of a date.
func number(s string, i int) (n, end int) {
	for end = i; digit(at(s, end)) && end < i+9; end++ {
		n = n*10 + int(s[end]-'0')
	}
	return n, end
}

// separator returns the length of what stands between the parts of a date, 0 for anything else.
func separator(s string, i int) int {
	for _, w := range []string{"-", "/", ".", "年", "月"} {
		if strings.HasPrefix(s[i:], w) {
			n := len(w)
			if at(s, i+n) == ' ' {
				n++
			}
			return n
		}
	}
	return 0
}

func plausible(year int) bool { return year >= 1890 && year <= 2099 }

// birthLabels are the words before a date of birth.
var birthLabels = []string{
	"出生日期", "出生年月日", "出生年月", "出生时间", "出生", "生日", "生于", "dob", "d.o.b", "d.o.b.", "date of birth", "birth date", "birthdate", "birthday", "born",
}

var betweenBirthAndDate = []string{
	" ", ":", "=", ",", "(", "-", ".", "/", "#", "是", "为", "于", "在", "写的", "is", "was", "on", "of", "the", "in", "shows", "his", "her",
}

// youngest is the year up to which a date beside a name alone is taken for one of birth, not of today.
const youngest = 2020

// births finds dates of birth.
func (s *search) births() {
	if len(s.runs) == 0 {
		return
	}
	for _, w := range birthLabels {
		each(s.low, w, func(_, to int) {
			i := after(s.low, to, betweenBirthAndDate)
			d := dateAt(s.low, i)
			if d.length > 0 || sixDigits(s.low, i) {
				s.add(BirthDate)
			}
		})
	}
	for _, r := range s.runs {
		d := dateAt(s.low, r.from)
		if d.length == 0 || digit(at(s.low, r.from-1)) {
			continue
		}
		if s.bornAfter(r.from + d.length) {
			s.add(BirthDate)
		}
		if d.year > 0 && d.year <= youngest && s.nameEnds(before(s.low, r.from, []string{" ", ",", "(", "-"})) {
			s.add(BirthDate)
		}
	}
}

// sixDigits tells a date such as 500302 at a place.
func sixDigits(s string, i int) bool {
	n, end := number(s, i)
	return end-i == 6 && (date(n/100%100, n%100) || date(n/10000, n/100%100) || date(n/100%100, n/10000))
}

// bornAfter tells whether the words for born follow a date.
func (s *search) bornAfter(i int) bool {
	i = after(s.low, i, []string{" ", ",", ")"})
	rest := s.low[i:]
	if strings.HasPrefix(rest, "出生") && !strings.HasPrefix(rest, "出生日期") {
		return true
	}
	tail, ok := strings.CutPrefix(rest, "生")
	if !ok {
		return false
	}
	for _, r := range tail {
		return !han(r) || r == '人' || r == '的'
	}
	return true
}
