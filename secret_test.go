package main_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	main "wardline"
)

// hidden is what nobody may see.
const hidden = "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t"

func TestSecretIsShownByNoVerb(t *testing.T) {
	held := main.NewSecret(hidden)
	type holder struct {
		Name string
		Key  main.Secret
	}
	type closed struct{ key main.Secret } // fmt cannot ask methods of a field like this one
	values := map[string]any{
		"itself": held, "address": &held, "struct": holder{"web", held}, "closed struct": closed{held}, "list": []main.Secret{held},
		"map": map[string]main.Secret{"key": held},
	}
	verbs := "vTtbcdoOqxXUeEfFgGsp"
	for name, value := range values {
		for _, verb := range verbs {
			for _, flags := range []string{"", "+", "#", "-40", ".3", " ", "08"} {
				format := "%" + flags + string(verb)
				unseen(t, name+" "+format, fmt.Sprintf(format, value))
			}
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		if got := fmt.Sprintf(format, held); got != "[redacted]" {
			t.Errorf("%s gives %s, want [redacted]", format, got)
		}
	}
}

func TestSecretIsShownByNoEncoder(t *testing.T) {
	held := main.NewSecret(hidden)
	value := map[string]any{"key": held}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(text), `{"key":"[redacted]"}`; got != want {
		t.Errorf("JSON is %s, want %s", got, want)
	}
	plain, err := encoding.TextMarshaler(held).MarshalText()
	if err != nil || string(plain) != "[redacted]" {
		t.Errorf("as text it is %s, %v", plain, err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "key", held, "all", value)
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "key", held, "all", value)
	unseen(t, "slog", log.String())
	if n := strings.Count(log.String(), "[redacted]"); n != 4 {
		t.Errorf("[redacted] stands %d times in the log, want 4:\n%s", n, log.String())
	}
}

// unseen fails if any part of the secret can be read, in plain or in hexadecimal.
func unseen(t *testing.T, how, got string) {
	t.Helper()
	for _, part := range []string{"s3cr", fmt.Sprintf("%x", "s3c"), fmt.Sprintf("%X", "s3c"), "115 51 99", "0x73"} {
		if strings.Contains(got, part) {
			t.Errorf("%s shows the secret: %s", how, got)
		}
	}
}
