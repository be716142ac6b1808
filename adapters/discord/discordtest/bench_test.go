package discordtest_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"wardline/adapters/discord/discordtest"
)

// BenchmarkMessage is one message, judged on its way in and its answer on its way out.
func BenchmarkMessage(b *testing.B) {
	s := discordtest.New(b, discordtest.Options{Rates: discordtest.Rates{Off: true}})
	room := s.AddChannel("a", discordtest.TypeText, "")
	for b.Loop() {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s.URL()+"/api/v10/channels/"+room+"/messages", bytes.NewReader([]byte(`{"content":"x"}`)))
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Authorization", "Bot "+s.Token())
		request.Header.Set("User-Agent", "DiscordBot (https://example.test, 1)")
		request.Header.Set("Content-Type", "application/json")
		response, err := s.Client().Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}

// BenchmarkNew is what a test pays for a server, with a description of its own and with a shared one.
func BenchmarkNew(b *testing.B) {
	spec, err := description()
	if err != nil {
		b.Fatal(err)
	}
	for name, shared := range map[string]*discordtest.Description{"alone": nil, "shared": spec} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				discordtest.New(b, discordtest.Options{Description: shared})
			}
		})
	}
}
