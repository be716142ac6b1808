package guard_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"wardline/bot/guard"
)

// template is a way to write something, with slots. An empty class means that it holds no data.
type template struct {
	class guard.Class
	text  string
}

func templates(t testing.TB, file string) (out []template) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		head, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case strings.HasPrefix(head, "+"):
			out = append(out, template{guard.Class(head[1:]), text})
		case head == "-x":
			out = append(out, template{"", text})
		}
	}
	return out
}

// faker invents data. All of it is made up; numbers only have the right form.
type faker struct {
	*rand.Rand
	names cast
}

// cast is where names come from, so that the held-out lines use others than those tuned on.
type cast struct {
	surnames, given []string
	first, last     []string
	pinyin, staff   []string
}

func devCast() cast {
	return cast{
		surnames: strings.Split("张 王 李 赵 陈 刘 周 吴", " "), given: strings.Split("三 四 伟 芳 秀英 建国 小明 丽华", " "),
		first: strings.Split("John Mary Peter Susan", " "), last: strings.Split("Smith Jones Brown Taylor", " "),
		pinyin: strings.Split("Wang Fang|Zhang Wei|Li Na", "|"), staff: strings.Split("张伟 李强", " "),
	}
}

func heldOutCast() cast {
	return cast{
		surnames: strings.Split("孙 徐 胡 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 诸葛", " "),
		given:    strings.Split("子涵 浩然 淑珍 桂兰 德福 玉梅 志刚 雪 斌 婷婷 文博 宇轩 春花 永强 红 霞 国庆 一诺 梓萱 海燕 铁柱 佳怡 凤英 光明 树生 天宇 月娥 金宝 阳 晨", " "),
		first:    strings.Split("Agnes Callum Niamh Dwayne Priscilla Tomasz Ingrid Rashid Beatrice Oluwaseun Gareth Siobhan Mary Thomas Elizabeth Ahmed", " "),
		last:     strings.Split("O'Neill Kowalski Adeyemi Whitaker Fernandez Haddad Lindqvist MacDonald Patel Nguyen Thornton Cole", " "),
		pinyin:   strings.Split("Sun Meiling|Xu Jianguo|Guo Qiang|Zheng Xiaohong|Hu Yan", "|"), staff: strings.Split("孙磊 徐静 郭涛 何敏 林建", " "),
	}
}

func (f *faker) pick(from []string) string { return from[f.IntN(len(from))] }

func (f *faker) digits(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte('0' + byte(f.IntN(10)))
	}
	return b.String()
}

func (f *faker) between(a, b int) int { return a + f.IntN(b-a+1) }

// id18 is a number of an identity card with a checksum that fits.
func (f *faker) id18() string {
	area := f.pick([]string{"110105", "310104", "330106", "440305", "510107", "610113", "650102", "420111"})
	n := area + f.born().Format("20060102") + f.digits(3)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(n[i]-'0') * w
	}
	return n + string("10X98765432"[sum%11])
}

func (f *faker) born() time.Time {
	return time.Date(f.between(1925, 2018), time.Month(f.between(1, 12)), f.between(1, 28), 0, 0, 0, 0, time.UTC)
}

func (f *faker) mobile() string {
	return "1" + f.pick([]string{"38", "59", "86", "99", "77", "31", "50", "66"}) + f.digits(8)
}

func (f *faker) bankCard() string {
	n := "6222" + f.digits(11)
	for d := '0'; ; d++ {
		sum := 0
		for i, c := range n + string(d) {
			v := int(c - '0')
			if i%2 == 0 {
				if v *= 2; v > 9 {
					v -= 9
				}
			}
			sum += v
		}
		if sum%10 == 0 {
			return n + string(d)
		}
	}
}

func wide(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xFEE0 }, s)
}

func groups(s, sep string, sizes ...int) string {
	var parts []string
	for _, n := range sizes {
		parts, s = append(parts, s[:n]), s[n:]
	}
	return strings.Join(append(parts, s), sep)
}

// fill puts invented data into the slots of a template.
func (f *faker) fill(text string) string {
	for {
		from := strings.IndexByte(text, '{')
		if from < 0 {
			return text
		}
		to := strings.IndexByte(text, '}')
		text = text[:from] + f.slot(text[from+1:to]) + text[to+1:]
	}
}

func (f *faker) slot(name string) string {
	if v, ok := f.patient(name); ok {
		return v
	}
	switch name {
	case "pass":
		return f.pick([]string{"Ward" + f.digits(4), "abc" + f.digits(5), "Qw3rty!" + f.digits(2), "his@" + f.digits(4), f.digits(6) + "zz", "P@ss" + f.digits(3), "Xinxi#" + f.digits(2)})
	case "token":
		return f.pick([]string{"a9f3" + f.digits(8) + "bce7d1" + f.digits(6), "Zx" + f.digits(6) + "KpQw" + f.digits(10) + "rT"})
	case "keytoken":
		return f.pick([]string{"ghp_" + f.digits(10) + "abcdefghij" + f.digits(16), "sk-" + f.digits(12) + "AbCdEfGhIjKl" + f.digits(8), "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi" + f.digits(10), "AKIA" + f.digits(8) + "QWERTYUI"})
	case "pin", "ext", "ext2":
		return fmt.Sprint(f.between(2000, 89999))
	case "otp":
		return f.digits(6)
	case "hotline":
		return f.pick([]string{"400-820-" + f.digits(4), "8000", "0571-8" + f.digits(7), "6120", "+44 20 7946 0" + f.digits(3)})
	case "landline":
		return f.pick([]string{"010-6", "021-5"}) + f.digits(7)
	case "ticket":
		return fmt.Sprintf("INC-%d", f.between(1, 4000))
	case "time":
		return fmt.Sprintf("%02d:%02d", f.IntN(24), f.IntN(60))
	case "date":
		return fmt.Sprintf("%d-%02d-%02d", f.between(2025, 2027), f.between(1, 12), f.between(1, 28))
	case "ora":
		return f.pick([]string{"ORA-00060", "ORA-01017", "ORA-12541", "TNS-12535", "SQLSTATE 08006"})
	case "ip":
		return fmt.Sprintf("%d.%d.%d.%d", f.pick2(10, 192, 172), f.between(0, 255), f.between(0, 255), f.between(1, 254))
	case "version":
		return fmt.Sprintf("%d.%d.%d", f.between(1, 12), f.between(0, 30), f.between(0, 2000))
	case "port":
		return fmt.Sprint(f.between(22, 65535))
	case "proc":
		return f.pick([]string{"GEN-START", "WARD-MAR", "BE-LAB", "ED-RX"})
	case "filename":
		return "his_full_" + f.outage().Format("20060102_150405") + ".bak"
	case "sn":
		return "FOC" + f.digits(4) + "X0Y" + f.digits(1)
	case "n", "n2":
		return fmt.Sprint(f.between(2, 900))
	}
	return f.people(name)
}

func (f *faker) pick2(ns ...int) int { return ns[f.IntN(len(ns))] }

func (f *faker) outage() time.Time {
	return time.Date(2026, time.Month(f.between(1, 12)), f.between(1, 28), f.IntN(24), f.IntN(60), f.IntN(60), 0, time.UTC)
}

func (f *faker) people(name string) string {
	switch name {
	case "zhname":
		return f.pick(f.names.surnames) + f.pick(f.names.given)
	case "zhsur":
		return f.pick(f.names.surnames)
	case "enname":
		return f.pick(f.names.first) + " " + f.pick(f.names.last)
	case "ensur":
		return f.pick(f.names.last)
	case "ensurlow":
		return strings.ToLower(f.pick(f.names.last))
	case "pinyin":
		return f.pick(f.names.pinyin)
	case "staff":
		return f.pick(f.names.staff)
	case "enstaff":
		return f.pick(f.names.first) + f.pick([]string{"", " " + f.pick(f.names.last)})
	case "sex":
		return f.pick([]string{"男", "女"})
	case "ensex":
		return f.pick([]string{"male", "female"})
	case "age":
		return fmt.Sprint(f.between(18, 98))
	case "bed", "bed2":
		return fmt.Sprint(f.between(1, 68))
	case "floor":
		return fmt.Sprint(f.between(1, 18))
	}
	panic("no slot " + name)
}

// patient fills the slots that hold numbers and dates of patients.
func (f *faker) patient(name string) (string, bool) {
	record := f.digits(1 + f.IntN(3) + 5)
	switch name {
	case "id18":
		return f.id18(), true
	case "id18spaced":
		return groups(f.id18(), " ", 6, 4, 4), true
	case "id18dashed":
		return groups(f.id18(), "-", 6, 8), true
	case "id18wide":
		return wide(f.id18()), true
	case "id15":
		return "330106" + f.born().Format("060102") + f.digits(3), true
	case "mobile":
		return f.mobile(), true
	case "mobilespaced":
		return groups(f.mobile(), " ", 3, 4), true
	case "mobiledashed":
		return groups(f.mobile(), "-", 3, 4), true
	case "mobilewide":
		return wide(f.mobile()), true
	case "record":
		return f.pick([]string{record, "ZY" + record, "00" + record, "2026" + f.digits(6)}), true
	case "recordspaced":
		return groups(f.digits(8), " ", 4), true
	case "recordwide":
		return wide(f.digits(8)), true
	case "insurance":
		return f.pick([]string{f.digits(10), "330" + f.digits(9), "YB" + f.digits(8)}), true
	case "nhs":
		return groups(f.digits(10), " ", 3, 3), true
	case "dob":
		return f.born().Format("2006-01-02"), true
	case "dobzh":
		return f.born().Format("2006年1月2日"), true
	case "doben":
		return f.born().Format("2 January 2006"), true
	case "dobslash":
		return f.born().Format("02/01/2006"), true
	case "bankcard":
		return f.bankCard(), true
	case "bankcardspaced":
		return groups(f.bankCard(), " ", 4, 4, 4), true
	case "medcard":
		return f.pick([]string{"A" + f.digits(9), f.digits(12)}), true
	}
	return "", false
}
