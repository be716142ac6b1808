package guard

import "strings"

// label is words beside which a number is of a class.
type label struct {
	class  Class
	least  int  // digits
	behind bool // also when the number stands before the words
	words  []string
}

// numberLabels are the words, Chinese and English, by which people name a patient's numbers.
var numberLabels = []label{
	{Record, 5, true, []string{
		"住院号", "住院登记号", "住院编号", "病历号", "病历编号", "病案号", "病案编号", "门诊号", "门诊编号", "急诊号", "就诊号", "就诊卡",
		"登记号", "患者id", "病人id", "患者号", "病人号", "患者编号", "病人编号", "体检号", "影像号", "检查号", "诊疗卡", "健康卡",
		"医保号", "医保编号", "医保个人编号", "社保号", "参保号", "保险号", "保单号", "患者标识", "病人标识",
		"mrn", "medical record", "record number", "record no", "record id", "chart number", "chart no", "patient id", "patient number", "patient no", "patient identifier",
		"hospital number", "hospital no", "hospital id", "admission number", "admission no", "admission id", "visit number", "visit no", "visit id", "encounter", "episode number",
		"outpatient number", "outpatient no", "outpatient id", "inpatient number", "inpatient no", "inpatient id", "nhs number", "nhs no", "nhs",
		"insurance number", "insurance no", "insurance id", "insurance policy", "policy number", "policy no", "member id", "medicare", "medicaid",
		"health card", "csn", "patient account", "account number",
	}},
	{Record, 6, false, []string{"patient", "pt", "患者", "病人"}},
	{IDNumber, 14, true, []string{"身份证", "证件号", "id card", "id number", "identity card", "national id"}},
	{IDNumber, 7, true, []string{"护照", "军官证", "通行证", "passport", "ssn", "social security", "driver's license", "driver license", "driving licence"}},
	{Card, 8, true, []string{
		"银行卡", "信用卡", "医保卡", "社保卡", "社会保障卡", "储蓄卡", "卡号", "insurance card", "bank card", "credit card", "debit card", "card number", "card no",
		"social security card", "bank account", "银行账号", "银行帐号",
	}},
	{Phone, 7, false, []string{
		"家属电话", "患者电话", "病人电话", "家属手机", "手机", "家属联系电话", "联系人电话", "家人电话", "女儿电话", "儿子电话", "老伴电话",
		"patient's phone", "family phone", "mobile", "cell", "cell phone", "mobile number", "next of kin", "phone of the family", "family's number",
	}},
}

// betweenLabelAndNumber may stand between a label and its number.
var betweenLabelAndNumber = []string{
	" ", ":", "#", "=", "(", ")", "/", "-", ",", "\"", "'", ".", "号", "码", "是", "为", "叫", "就是", "尾号", "id", "no", "num", "number", "card", "is", "was", "of",
	"his", "her", "the", "code", "reads", "with", "ending", "on", "at", "numbered",
}

// betweenNumberAndLabel may stand between a number and a label behind it.
var betweenNumberAndLabel = []string{
	" ", "(", ",", "-", "这个", "这", "的", "是", "为", "他的", "她的", "患者", "病人", "is", "as", "the", "his", "her", "my", "their", "patient's", "patient", "this",
}

// counters after a number say that it counts something.
var counters = []string{
	"个", "人", "份", "条", "例", "张", "次", "项", "名", "位", "台", "gb", "mb", "patients", "people", "records", "users", "beds", "samples", "orders", "个人",
}

// labels finds numbers beside the words that say what they are.
func (s *search) labels() {
	if len(s.runs) == 0 {
		return
	}
	for _, l := range numberLabels {
		if s.found[l.class] {
			continue
		}
		for _, w := range l.words {
			each(s.low, w, func(from, to int) {
				i := after(s.low, to, betweenLabelAndNumber)
				if s.numbered(i, l.least) && (l.class != Phone || !s.ownAt(i)) {
					s.add(l.class)
				}
				if l.behind && s.numberEnds(before(s.low, from, betweenNumberAndLabel), max(l.least, 6)) {
					s.add(l.class)
				}
			})
		}
	}
}

// numbered tells whether a number of at least so many digits begins at a place; up to three letters
// may lead it, such as ZY0012345.
func (s *search) numbered(i, least int) bool {
	if strings.HasPrefix(s.low[i:], "0x") {
		return false
	}
	for n := 0; n < 3 && letter(at(s.low, i)); n++ {
		i++
	}
	if letter(at(s.low, i-1)) && at(s.low, i) == '-' {
		if strings.HasPrefix(s.low[max(i-3, 0):], "ora") || strings.HasPrefix(s.low[max(i-3, 0):], "inc") {
			return false
		}
		i++
	}
	if !digit(at(s.low, i)) {
		return false
	}
	digits, groups, j := 0, 0, i
	for digit(at(s.low, j)) {
		for digit(at(s.low, j)) {
			digits++
			j++
		}
		groups++
		switch c := at(s.low, j); {
		case (c == '.' || c == ':') && digit(at(s.low, j+1)):
			return false // an address, a version or a time
		case (c == ' ' || c == '-') && digit(at(s.low, j+1)):
			j++
		}
	}
	if digits < least || groups > 1 && dateAt(s.low, i).length > 0 {
		return false
	}
	rest := strings.TrimLeft(s.low[j:], " ")
	for _, c := range counters {
		if strings.HasPrefix(rest, c) && whole(rest, 0, len(c)) {
			return false
		}
	}
	return true
}

// numberEnds tells whether a number ends at a place.
func (s *search) numberEnds(end, least int) bool {
	i, digits := end, 0
	for i > 0 && (digit(s.low[i-1]) || letter(s.low[i-1]) || s.low[i-1] == '-') {
		i--
		if digit(s.low[i]) {
			digits++
		}
	}
	if digits < least || at(s.low, i-1) == '.' || at(s.low, i-1) == ':' || strings.HasPrefix(s.low[i:], "ora-") {
		return false
	}
	d := dateAt(s.low, i)
	return d.length == 0 || i+d.length != end
}
