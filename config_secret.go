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

// secretFrom reads the secret that <name>_env or <name>_file refers to. Messages do not repeat what
// stands there, since it may be the secret itself, pasted into the wrong place. Without a secret it
// says why there is none; only that is no problem of the file.
func (c *checker) secretFrom(name, env, file string) (value secret, none string) {
	envKey, fileKey := name+"_env", name+"_file"
	switch {
	case env != "" && file != "":
		c.problem(fileKey, "stands beside "+envKey+", so it is not clear which one holds", "keep one of the two")
		return secret{}, ""
	case env != "":
		if !variableName.MatchString(env) {
			c.problem(envKey, "is not the name of an environment variable (not shown, in case it is the secret itself)",
				"write the variable's name in capitals, such as WARDLINE_KEY, and put the secret into that variable")
			return secret{}, ""
		}
		text := strings.TrimSpace(os.Getenv(env))
		if text == "" {
			return secret{}, "the environment variable named in " + envKey + " is not set"
		}
		return c.longEnough(envKey, text), ""
	case file != "":
		return c.secretFile(fileKey, file), ""
	}
	return secret{}, "neither " + envKey + " nor " + fileKey + " is set"
}

const makeKey = "make one with: (umask 077; openssl rand -base64 48 > wardline.key)"

func (c *checker) secretFile(key, file string) secret {
	if !c.private(key, file, makeKey) {
		return secret{}
	}
	text, err := os.ReadFile(c.path(file))
	if err != nil {
		c.problem(key, "the file cannot be read: "+reason(err), "let the bot's user read it")
		return secret{}
	}
	if strings.TrimSpace(string(text)) == "" {
		c.problem(key, "the file is empty", makeKey)
		return secret{}
	}
	return c.longEnough(key, strings.TrimSpace(string(text)))
}

func (c *checker) longEnough(key, text string) secret {
	if len(text) < leastKey {
		c.problem(key, fmt.Sprintf("the key has %d bytes, at least %d are needed", len(text), leastKey), makeKey)
		return secret{}
	}
	return newSecret(text)
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
