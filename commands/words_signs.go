package commands

// The signs of the grammar, in both widths.
const (
	listSigns  = ",，、;；"
	quoteMarks = `"“”`
	endQuotes  = "”」』"
	slashes    = "/／"
	spaces     = " \t\r\n\u3000"
)

// closing returns the quote that ends what an opening quote began, 0 if it is none.
func closing(r rune) rune {
	switch r {
	case '"', '＂':
		return r
	case '“', '”':
		return '”'
	case '「':
		return '」'
	case '『':
		return '』'
	}
	return 0
}

// isSign reports whether r stands between the name of an argument and its value.
func isSign(r rune) bool { return r == ':' || r == '：' || r == '=' || r == '＝' }
