package guard

import "strings"

var (
	// keyHeads begin keys and tokens that need no word beside them.
	keyHeads = []string{
		"ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "sk-", "sk_live_", "rk_live_", "AKIA", "ASIA", "AIza", "eyJ", "npm_", "dop_v1_", "hf_", "pypi-",
	}
	// secretWords stand before a password or a token.
	secretWords = []string{
		"密码", "口令", "密钥", "令牌", "密匙", "私钥", "password", "passwd", "passcode", "passphrase", "pwd", "psw", "pw", "token", "api key", "apikey", "api_key", "api-key", "access key", "access_key",
		"secret", "secret key", "secret_key", "client secret", "client_secret", "private key", "private_key", "auth key", "bearer", "access token", "access_token", "api token", "credentials",
	}
	// pinWords stand before a short number that lets somebody in.
	pinWords = []string{"验证码", "校验码", "动态码", "pin", "pin码", "pin code", "otp", "one-time code", "verification code", "passcode"}
	// binds say that a secret follows.
	binds = []string{
		":", "=", "是", "为", "就是", "改成", "改为", "换成", "设成", "设为", "重置为", "重置成", "叫", "is", "was", "are", "变成", "->", "=>", "to", "还是", "应该是",
	}
	// aroundBinds may stand around the words that bind.
	aroundBinds = []string{" ", "\"", "'", "`", "(", "了", "码", "现在", "都", "still", "now", "his", "her", "the", "changed", "set", "reset", "here", "/"}
	// noSecrets are words that follow such a word in plain talk.
	noSecrets = []string{
		"expired", "wrong", "reset", "incorrect", "invalid", "required", "unknown", "see", "ask", "in", "on", "the", "not", "locked", "same", "changed", "empty", "missing", "needed", "rejected", "refused", "accepted",
		"correct", "right", "working", "gone", "lost", "forgotten", "being", "blank", "still", "now", "too", "what", "where", "who", "is", "a", "an", "it", "no", "yes", "please", "broken", "failing", "failed", "failure",
		"kept", "stored", "written", "shown", "hidden", "weak", "old", "new", "change", "policy", "error", "none", "n/a", "tbd", "secret", "confidential", "your", "my", "our", "their", "his", "her", "with", "for", "from", "at",
		"ok", "okay", "fine", "never", "only", "under", "by", "there", "somewhere", "known", "due", "disabled", "denied", "unavailable", "default",
	}
)

// secrets finds passwords, tokens and keys.
func (s *search) secrets() {
	if strings.Contains(s.low, "private key-----") {
		s.add(Secret)
	}
	for _, head := range keyHeads {
		s.key(head)
	}
	for _, w := range secretWords {
		each(s.low, w, func(_, to int) { s.secretAt(to, false) })
	}
	each(s.low, "pass", func(_, to int) { s.secretAt(to, true) }) // a verb as well
	for _, w := range pinWords {
		each(s.low, w, func(_, to int) { s.pinAt(to) })
	}
	s.userInfo()
}

// key finds a long token by how it begins.
func (s *search) key(head string) {
	for i := 0; ; {
		j := strings.Index(s.plain[i:], head)
		if j < 0 {
			return
		}
		from := i + j
		n := tokenLength(s.low, from)
		if n >= 16 && !letter(at(s.low, from-1)) && !digit(at(s.low, from-1)) && mixed(s.plain[from:from+n]) {
			s.add(Secret)
		}
		i = from + len(head)
	}
}

// secretAt judges what follows a word for a secret; of a vague word only what is no word itself.
func (s *search) secretAt(i int, vague bool) {
	j := after(s.low, i, aroundBinds)
	k := after(s.low, j, binds)
	value := after(s.low, k, aroundBinds)
	value = after(s.low, value, binds)
	value = after(s.low, value, aroundBinds)
	n := tokenLength(s.low, value)
	for n > 0 && strings.IndexByte(".,;!?)\"'", s.low[value+n-1]) >= 0 {
		n--
	}
	if n < 4 || at(s.low, i) == '_' || strings.IndexByte("}]>,;", s.low[value]) >= 0 {
		return
	}
	v, low := s.plain[value:value+n], s.low[value:value+n]
	switch {
	case strings.HasPrefix(low, "ora-"), strings.HasPrefix(low, "0x"), strings.HasPrefix(low, "inc-"), strings.HasPrefix(low, "http"), oneOf(low, noSecrets):
		return
	case mixed(v):
		s.add(Secret)
	case vague:
	case value == i || k == j:
		if n >= 6 && allDigits(v) && value > i {
			s.add(Secret)
		}
	case allDigits(v):
		if !s.counts(value + n) {
			s.add(Secret)
		}
	case s.bound(j, k) || s.ends(value+n):
		s.add(Secret) // a plain word, but given as the value
	}
}

// bound tells a sign, not a verb, between the word and its value.
func (s *search) bound(j, k int) bool {
	return strings.ContainsAny(s.low[j:k], ":=") || k > j && s.low[j] >= 0x80
}

// ends tells whether nothing more is said of the value.
func (s *search) ends(i int) bool {
	rest := strings.TrimLeft(s.low[i:], " \"'`.!?;)")
	return rest == "" || rest[0] == ',' || rest[0] == '\n'
}

// counts tells whether the number before a place counts something.
func (s *search) counts(i int) bool {
	rest := strings.TrimLeft(s.low[i:], " ")
	return startsWith(rest, []string{"位", "个", "次", "天", "digit", "character", "char", "days", "times", "users", "people", "人", "错", "error", "unauthor"})
}

// pinAt judges a short number behind a word for one.
func (s *search) pinAt(i int) {
	j := after(s.low, i, aroundBinds)
	j = after(s.low, j, binds)
	j = after(s.low, j, aroundBinds)
	k := j
	for digit(at(s.low, k)) {
		k++
	}
	if n := k - j; n >= 4 && n <= 8 && !letter(at(s.low, k)) && !s.counts(k) {
		s.add(Secret)
	}
}

// userInfo finds an address with a password in it, such as ftp://user:word@host.
func (s *search) userInfo() {
	each(s.low, "://", func(_, to int) {
		n := tokenLength(s.low, to)
		host := s.low[to : to+n]
		if i := strings.IndexByte(host, '/'); i >= 0 && !strings.Contains(host[:i], "@") && strings.Count(host, "@") == 0 {
			host = host[:i]
		}
		if user, _, ok := strings.Cut(host, "@"); ok && strings.Contains(user, ":") {
			s.add(Secret)
		}
	})
}

// tokenLength is how many bytes from a place could be one password or token.
func tokenLength(s string, i int) int {
	j := i
	for j < len(s) && s[j] > ' ' && s[j] < 0x7F {
		j++
	}
	return j - i
}

// mixed tells a text that is no word: letters together with digits or signs.
func mixed(v string) bool {
	letters, digits, signs := false, false, false
	for i := range len(v) {
		switch c := v[i]; {
		case letter(c):
			letters = true
		case digit(c):
			digits = true
		case strings.IndexByte("-'./:()", c) < 0:
			signs = true
		}
	}
	return letters && (digits || signs) || digits && signs
}

func allDigits(v string) bool { return v != "" && len(onlyDigits(v)) == len(v) }
