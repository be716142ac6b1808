package guard

import (
	"strings"
	"unicode/utf8"
)

var (
	// betweenBedAndName may stand between a bed and the name of who lies in it.
	betweenBedAndName = []string{
		" ", ",", "(", ":", "-", "/", "的", "是", "叫", "住的是", "住着", "躺着", "那个", "这个", "有个", "新病人", "病人", "患者", "患儿", "产妇", "孕妇", "家属", "姓名", "名字",
		"老人", "新入", "新收", "位", "号",
	}
	// betweenNameAndBed may stand between a name and the bed behind it.
	betweenNameAndBed = []string{
		" ", ",", "(", ":", "-", "/", "在", "住", "住在", "睡", "现住", "目前在", "现在在", "的", "是", "的床位是", "床位", "床号", "转到", "转去", "换到", "转入", "从", "去了", "躺在",
	}
	// patientWords stand before the name of a patient.
	patientWords = []string{"患者", "病人", "患儿", "产妇", "孕妇", "伤者", "伤员", "死者", "患者姓名", "病人姓名", "患者名字", "病人名字"}
	// nameWords say that a name comes.
	nameWords = []string{"姓名", "名字是", "名字叫", "名叫", "病人叫", "患者叫", "老人叫", "孩子叫", "姓名是", "姓名为"}
	// leadWords may stand right before a name within a sentence.
	leadWords = []string{
		"患者", "病人", "患儿", "产妇", "孕妇", "叫", "是", "查", "查下", "一下", "帮", "给", "找", "把", "让", "有", "为", "的", "新", "科", "问", "床", "家属", "名", "对", "替",
		"将", "院", "室", "区", "住", "个", "位", "了", "到",
	}
	// staffWords behind a name say that it is no patient's.
	staffWords = []string{
		"医生", "医师", "大夫", "护士", "护师", "护长", "主任", "主管", "老师", "工程师", "师傅", "教授", "院长", "科长", "处长", "经理", "组长", "技师", "药师", "技术员", "值班", "总",
		"工说", "工在", "工来", "工到", "工负", "工程", "同事", "博士", "部长", "队长",
	}
	// followWords may follow a patient's name directly; anything else makes it a word of the trade.
	followWords = []string{
		"的", "在", "要", "说", "是", "需", "住", "有", "和", "今", "刚", "已", "做", "转", "从", "到", "用", "血", "胸", "发", "疼", "叫", "入", "出", "也", "还", "没", "不", "昨", "明", "男", "女", "等",
		"来", "去", "打", "吃", "输", "过", "被", "查", "拿", "想", "突", "现", "找", "抽", "药", "病", "检", "床", "因", "为", "能", "可", "怎", "什", "上", "下", "这", "那", "急", "手", "片", "报", "医", "反",
		"走", "术", "信", "档", "办", "缴", "交", "结", "费", "标", "登", "挂", "处", "化", "腕", "我", "你", "他", "她", "吗", "呢", "了", "啊", "吧", "缺", "痛", "喘", "烧", "危", "呼", "心",
	}
)

// chineseNames finds Chinese names beside a bed, an age, a sex or the word patient.
func (s *search) chineseNames() {
	if s.found[NamedPatient] {
		return
	}
	for _, word := range []string{"床", "病房", "号房"} {
		each(s.low, word, func(from, to int) {
			start, end, ok := s.bed(from, to)
			if !ok {
				return
			}
			if n, _ := s.nameAt(after(s.low, end, betweenBedAndName)); n > 0 {
				s.add(NamedPatient)
			}
			if s.nameEnds(before(s.low, start, betweenNameAndBed)) {
				s.add(NamedPatient)
			}
		})
	}
	s.calledNames(patientWords, true)
	s.calledNames(nameWords, false)
	s.agedNames()
}

// bed returns where a bed with a number begins and ends, given the place of its word.
func (s *search) bed(from, to int) (start, end int, ok bool) {
	start = from
	for _, w := range []string{" ", "号", " "} {
		start -= len(s.low[:start]) - len(strings.TrimSuffix(s.low[:start], w))
	}
	i := start
	for i > 0 && digit(s.low[i-1]) {
		i--
	}
	if n := start - i; n >= 1 && n <= 4 {
		if letter(at(s.low, i-1)) && !letter(at(s.low, i-2)) {
			i--
		}
		for _, w := range []string{"加", "第"} {
			i -= len(s.low[:i]) - len(strings.TrimSuffix(s.low[:i], w))
		}
		return i, to, true
	}
	for range 3 {
		r, size := utf8.DecodeLastRuneInString(s.low[:i])
		if _, num := numeral(r); !num && r != '十' {
			break
		}
		i -= size
	}
	if i < start {
		return i, to, true
	}
	for i = to; i < len(s.low); {
		n := len(s.low[i:]) - len(strings.TrimLeft(s.low[i:], " :"))
		for _, w := range []string{"号", "位"} {
			if strings.HasPrefix(s.low[i:], w) {
				n = len(w)
			}
		}
		if n == 0 {
			break
		}
		i += n
	}
	j := i
	for digit(at(s.low, j)) {
		j++
	}
	return from, j, j > i && j <= i+3
}

// The kinds of name.
const (
	titled = iota + 1 // with Mr, Mrs, aunt
	named             // surname and given name
)

// nameAt reads a name at a place: its length in bytes, 0 for none, and how sure it is.
func (s *search) nameAt(i int) (length, kind int) {
	rest := s.low[i:]
	for _, w := range []string{"姓", "老", "小", "阿"} {
		if tail, ok := strings.CutPrefix(rest, w); ok {
			if n := surname(tail); n > 0 && !startsWith(tail[n:], staffWords) && !common(tail) {
				return len(w) + n, titled
			}
		}
	}
	n := surname(rest)
	if n == 0 || common(rest) {
		return 0, 0
	}
	tail := rest[n:]
	if startsWith(tail, staffWords) {
		return 0, 0
	}
	if startsWith(tail, titles) {
		return n, titled
	}
	given, size := 0, 0
	for range 2 {
		r, w := utf8.DecodeRuneInString(tail[size:])
		if !han(r) || never(r) {
			break
		}
		given++
		size += w
		if startsWith(tail[size:], staffWords) {
			return 0, 0
		}
	}
	if given == 0 {
		return 0, 0
	}
	return n + size, named
}

// nameEnds tells whether a name ends at a place, and does not merely end a longer word.
func (s *search) nameEnds(end int) bool {
	i := end
	for n := 1; n <= 5; n++ {
		r, w := utf8.DecodeLastRuneInString(s.low[:i])
		if !han(r) {
			return false
		}
		i -= w
		if n < 2 || !s.boundary(i) {
			continue
		}
		length, kind := s.nameAt(i)
		if kind == titled && startsWith(s.low[i+length:], titles) {
			length += titleLength(s.low[i+length:])
		}
		if kind == named && length > end-i && end-i > surname(s.low[i:]) {
			length = end - i
		}
		if length == end-i {
			return true
		}
	}
	return false
}

// boundary tells whether a name may begin at a place.
func (s *search) boundary(i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s.low[:i])
	if i == 0 || !han(r) {
		return true
	}
	for _, w := range leadWords {
		if strings.HasSuffix(s.low[:i], w) {
			return true
		}
	}
	return false
}

// calledNames finds names behind words that announce one. Where the words also begin many terms of
// the trade, what follows the name must be such as follows a person.
func (s *search) calledNames(words []string, strict bool) {
	for _, w := range words {
		each(s.low, w, func(_, to int) {
			i := after(s.low, to, []string{" ", ":", "(", ",", "是", "叫", "为", "姓名", "名字", "\""})
			n, kind := s.nameAt(i)
			switch {
			case n == 0:
			case !strict && kind == named, kind == titled, i > to && strings.ContainsAny(s.low[to:i], ":\""):
				s.add(NamedPatient)
			case s.follows(i, n):
				s.add(NamedPatient)
			}
		})
	}
}

// follows tells whether what comes after a name of two or three characters can follow a person.
func (s *search) follows(i, n int) bool {
	for _, end := range []int{i + n, i + n - 3} {
		if end <= i+surname(s.low[i:]) {
			return false
		}
		r, _ := utf8.DecodeRuneInString(s.low[end:])
		if end == len(s.low) || !han(r) || startsWith(s.low[end:], followWords) {
			return true
		}
	}
	return false
}

// agedNames finds a name together with an age or a sex.
func (s *search) agedNames() {
	between := []string{" ", ",", "(", "/", "|", "男", "女", "性", "男性", "女性", "年龄", ":", "性别", "今年"}
	each(s.low, "岁", func(from, _ int) {
		i := before(s.low, from, []string{" "})
		j := i
		for j > 0 && digit(s.low[j-1]) {
			j--
		}
		if j < i && i-j <= 3 && s.nameEnds(before(s.low, j, between)) {
			s.add(NamedPatient)
		}
	})
	for _, sex := range []string{"男", "女"} {
		each(s.low, sex, func(from, to int) {
			if r, _ := utf8.DecodeRuneInString(s.low[to:]); to < len(s.low) && han(r) && r != '性' {
				return
			}
			i := before(s.low, from, []string{" ", ",", "(", "/", "|", "性别", ":"})
			if i < from && s.nameEnds(i) {
				s.add(NamedPatient)
			}
		})
	}
}

func startsWith(s string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}
