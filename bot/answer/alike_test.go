package answer_test

import "testing"

// Two questions taken for one get one answer, so a small word that matters keeps them apart.
func TestSameQuestions(t *testing.T) {
	r := router(t)
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"三楼的备用打印机能借吗", "三楼备用打印机，能借吗？", true},
		{"三楼的备用打印机能借吗", "四楼的备用打印机能借吗", false},
		{"一楼的打印机能借吗", "二楼的打印机能借吗", false},
		{"可以开台吗", "不可以开台吗", false},
		{"泵速上调谁签字", "泵速下调谁签字", false},
		{"先录检验还是先录药房", "先录药房还是先录检验", false},
		{"may we borrow the spare printer on floor 3", "May we borrow the spare printers on floor 3??", true},
		{"may we borrow the spare printer on floor 3", "may we borrow the spare printer on floor 4", false},
		{"can we start the case", "can we not start the case", false},
		{"move from ward A to B", "move to ward A from B", false},
		{"", "", false},
		{"的", "了", false},
	} {
		if got := r.Same(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: same %t, want %t", c.a, c.b, got, c.same)
		}
		if again := r.Same(c.b, c.a); again != c.same {
			t.Errorf("%q and %q: same %t, want %t", c.b, c.a, again, c.same)
		}
	}
}

func TestNearestQuestion(t *testing.T) {
	r := router(t)
	among := []string{"四楼的备用打印机能借吗", "纸质表单谁去仓库领", "三楼的备用打印机能借吗"}
	if i, ok := r.Nearest("能借三楼的备用打印机吗", among); !ok || i != 2 {
		t.Errorf("nearest is %d, %t", i, ok)
	}
	if i, ok := r.Nearest("五楼的备用打印机能借吗", among); ok {
		t.Errorf("%q answers another floor", among[i])
	}
	if _, ok := r.Nearest("系统什么时候恢复", among); ok {
		t.Error("nothing asked is near, and something was found")
	}
	if _, ok := r.Nearest("", nil); ok {
		t.Error("nothing is near to nothing")
	}
}
