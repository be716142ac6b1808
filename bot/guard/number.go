package guard

import "strings"

// run is digits in a row.
type run struct {
	from, to int
}

// most is how many runs one number may be written in.
const most = 7

// digitRuns finds all digits of the text.
func (s *search) digitRuns() {
	for i := 0; i < len(s.low); {
		if !digit(s.low[i]) {
			i++
			continue
		}
		j := i
		for j < len(s.low) && digit(s.low[j]) {
			j++
		}
		s.runs = append(s.runs, run{i, j})
		i = j
	}
}

// numbers finds what is known by its digits alone.
func (s *search) numbers() {
	s.digitRuns()
	for i := range s.runs {
		if !attached(s.low, s.runs[i].from) {
			s.numberFrom(i)
		}
	}
}

// attached tells that digits belong to a word before them, such as INC-13 or Gi1.
func attached(s string, i int) bool {
	if c := at(s, i-1); c == '_' || letter(c) {
		return true
	}
	return at(s, i-1) == '-' && letter(at(s, i-2))
}

// numberFrom tries all numbers that begin with a run, alone or joined with those that follow.
func (s *search) numberFrom(first int) {
	var joined strings.Builder
	for j := first; j < len(s.runs) && j < first+most; j++ {
		r := s.runs[j]
		if j > first && !s.joins(first, j) {
			return
		}
		joined.WriteString(s.low[r.from:r.to])
		if joined.Len() > 20 {
			return
		}
		s.judge(joined.String(), r.to, j > first)
	}
}

// joins tells whether a run may go on with the number that began at first.
func (s *search) joins(first, j int) bool {
	gap := s.low[s.runs[j-1].to:s.runs[j].from]
	head := s.runs[first].to - s.runs[first].from
	if len(gap) > 3 || strings.Trim(gap, " -") != "" {
		dotted := gap == "." && head == 3 && j <= first+2 && s.runs[j].to-s.runs[j].from == 4
		if !dotted {
			return false
		}
	}
	country := head == 2 && s.low[s.runs[first].from:s.runs[first].to] == "86"
	return (head >= 3 || country) && (s.runs[j].to-s.runs[j].from >= 2 || s.runs[j].to-s.runs[first].from > 15)
}

// judge decides what digits are; end is the place after them.
func (s *search) judge(digits string, end int, joined bool) {
	next := at(s.low, end)
	if len(digits) == 17 {
		rest := strings.TrimLeft(s.low[end:], " -")
		if strings.HasPrefix(rest, "x") && !letter(at(rest, 1)) && identity(digits+"x") {
			s.add(IDNumber)
		}
	}
	if letter(next) {
		return
	}
	switch len(digits) {
	case 11, 13, 15:
		if mobile(digits) && !s.own(digits) {
			s.add(Phone)
		}
	}
	if identity(digits) || !joined && oldIdentity(digits) {
		s.add(IDNumber)
	}
	if bankCard(digits) {
		s.add(Card)
	}
}

// mobile tells a Chinese mobile number, with or without the country's own.
func mobile(digits string) bool {
	switch len(digits) {
	case 13:
		digits = strings.TrimPrefix(digits, "86")
	case 15:
		digits = strings.TrimPrefix(digits, "0086")
	}
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// own tells a number that the hospital gave us itself.
func (s *search) own(digits string) bool {
	for _, k := range s.known {
		if k = onlyDigits(k); len(k) >= 7 && strings.HasSuffix(digits, k) {
			return true
		}
	}
	return false
}

// ownAt tells whether a number of the hospital's own begins at a place.
func (s *search) ownAt(i int) bool {
	j := i
	for j < len(s.low) && (digit(s.low[j]) || s.low[j] == ' ' || s.low[j] == '-') {
		j++
	}
	return s.own(onlyDigits(s.low[i:j]))
}

func onlyDigits(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if digit(s[i]) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// identity tells a number of an identity card: province, date of birth and checksum fit.
func identity(n string) bool {
	if len(n) != 18 || !province(n) {
		return false
	}
	year, month, day := value(n[6:10]), value(n[10:12]), value(n[12:14])
	if year < 1890 || year > 2099 || !date(month, day) {
		return false
	}
	const check = "10x98765432"
	sum, weight := 0, 1
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(n[i]-'0') * weight
	}
	return n[17] == check[sum%11]
}

// oldIdentity tells a number of the cards before 1999, which had no checksum.
func oldIdentity(n string) bool {
	return len(n) == 15 && province(n) && date(value(n[8:10]), value(n[10:12]))
}

// province tells whether a number begins with one of the 34 there are.
func province(n string) bool {
	switch n[0] {
	case '1':
		return n[1] >= '1' && n[1] <= '5'
	case '2':
		return n[1] >= '1' && n[1] <= '3'
	case '3':
		return n[1] >= '1' && n[1] <= '7'
	case '4':
		return n[1] >= '1' && n[1] <= '6'
	case '5':
		return n[1] >= '0' && n[1] <= '4'
	case '6':
		return n[1] >= '1' && n[1] <= '5'
	case '7':
		return n[1] == '1'
	case '8':
		return n[1] >= '1' && n[1] <= '3'
	}
	return false
}

func value(digits string) (n int) {
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

func date(month, day int) bool { return month >= 1 && month <= 12 && day >= 1 && day <= 31 }

// bankCard tells a number of a payment card by its beginning, length and checksum.
func bankCard(n string) bool {
	switch {
	case len(n) < 16 || len(n) > 19:
		return false
	case strings.HasPrefix(n, "62"):
	case len(n) == 16 && (n[0] == '4' || n[0] == '5' && n[1] >= '1' && n[1] <= '5'):
	default:
		return false
	}
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
