package main

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"unicode"
)

const redacted = "[redacted]"

// secret is text that must not be seen. However it is printed, only reveal shows it. The text stands
// behind a pointer, because fmt asks no method of ours for %p, nor for a field that is not exported.
type secret struct{ text *string }

var (
	_ fmt.Formatter          = secret{}
	_ fmt.GoStringer         = secret{}
	_ slog.LogValuer         = secret{}
	_ json.Marshaler         = secret{}
	_ encoding.TextMarshaler = secret{}
)

func newSecret(text string) secret { return secret{text: &text} }

func (secret) String() string               { return redacted }
func (secret) GoString() string             { return redacted }
func (secret) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, redacted) }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// reveal returns the secret itself, for the one who needs it.
func (s secret) reveal() []byte {
	if s.text == nil {
		return nil
	}
	return []byte(*s.text)
}

// none tells that there is no secret.
func (s secret) none() bool { return s.text == nil || *s.text == "" }

// secretWords are parts of the names people give to secrets.
var secretWords = regexp.MustCompile(`(?i)(^|[_-])(key|token|secret|password|passwd|pass|pwd|credentials?|hmac)s?$|passw(or)?d|api_?key|private_?key`)

// soundsSecret tells a key by whose name a secret is to be expected.
func soundsSecret(key string) bool { return secretWords.MatchString(key) }

// variableName is how environment variables are called. A secret pasted in place of a name seldom
// looks like this.
var variableName = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// leastKey is the fewest bytes a key of signatures may have.
const leastKey = 32

// keyFrom reads the key that <name>_env or <name>_file refers to; it must be long enough to sign with.
func (c *checker) keyFrom(name, env, file string) (value secret, none string) {
	value, at, none := c.secretFrom(name, env, file, makeKey)
	if n := len(value.reveal()); n > 0 && n < leastKey {
		c.problem(at, fmt.Sprintf("the key has %d bytes, at least %d are needed", n, leastKey), makeKey)
		return secret{}, ""
	}
	return value, none
}

// tokenFrom reads the token of an account, which somebody else made. A file that is not there yet is no
// problem: setting the account up writes it.
func (c *checker) tokenFrom(name, env, file, remedy string) (value secret, none string) {
	if file != "" && env == "" && !c.exists(file) {
		return secret{}, "the file named in " + name + "_file does not exist; " + remedy
	}
	value, at, none := c.secretFrom(name, env, file, remedy)
	if strings.ContainsFunc(string(value.reveal()), unicode.IsSpace) {
		c.problem(at, "what stands there is no token: it has several words (not shown)", remedy)
		return secret{}, ""
	}
	return value, none
}

// secretFrom reads the secret that <name>_env or <name>_file refers to, and tells which key it was. Messages
// do not repeat what stands there, since it may be the secret itself, pasted into the wrong place. Without
// a secret it says why there is none; only that is no problem of the file.
func (c *checker) secretFrom(name, env, file, remedy string) (value secret, at, none string) {
	envKey, fileKey := name+"_env", name+"_file"
	switch {
	case env != "" && file != "":
		c.problem(fileKey, "stands beside "+envKey+", so it is not clear which one holds", "keep one of the two")
		return secret{}, "", ""
	case env != "":
		if !variableName.MatchString(env) {
			c.problem(envKey, "is not the name of an environment variable (not shown, in case it is the secret itself)",
				"write the variable's name in capitals, such as WARDLINE_KEY, and put the secret into that variable")
			return secret{}, "", ""
		}
		text := strings.TrimSpace(os.Getenv(env))
		if text == "" {
			return secret{}, "", "the environment variable named in " + envKey + " is not set"
		}
		return newSecret(text), envKey, ""
	case file != "":
		return c.secretFile(fileKey, file, remedy), fileKey, ""
	}
	return secret{}, "", "neither " + envKey + " nor " + fileKey + " is set"
}

const makeKey = "make one with: (umask 077; openssl rand -base64 48 > wardline.key)"

func (c *checker) secretFile(key, file, remedy string) secret {
	if !c.private(key, file, remedy) {
		return secret{}
	}
	text, err := os.ReadFile(c.path(file))
	if err != nil {
		c.problem(key, "the file cannot be read: "+reason(err), "let the bot's user read it")
		return secret{}
	}
	if strings.TrimSpace(string(text)) == "" {
		c.problem(key, "the file is empty", remedy)
		return secret{}
	}
	return newSecret(strings.TrimSpace(string(text)))
}

func (c *checker) exists(file string) bool {
	_, err := os.Stat(c.path(file))
	return !errors.Is(err, fs.ErrNotExist)
}

// private checks that a file is there and that nobody but its owner can read it.
func (c *checker) private(key, file, remedy string) bool {
	info, err := os.Stat(c.path(file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.problem(key, "the file does not exist (its name is not shown, in case it is the secret itself)", "write its path as seen from the folder of this file; "+remedy)
	case err != nil:
		c.problem(key, "the file cannot be read: "+reason(err), "let the bot's user read it")
	case info.IsDir():
		c.problem(key, "is a folder", "name the file inside it")
	case info.Mode().Perm()&0o077 != 0:
		c.problem(key, fmt.Sprintf("the file can be read by others (mode %04o)", info.Mode().Perm()), "run: chmod 600 on it")
	default:
		return true
	}
	return false
}

// reason is an error about a file without the file's name.
func reason(err error) string {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err.Error()
	}
	return "it is not a plain file"
}
