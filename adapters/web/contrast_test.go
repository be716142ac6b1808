package web_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pairs are the inks of the page and the grounds they stand on.
var pairs = map[string][]string{
	"ink":       {"ground", "paper", "raised", "tint", "bad-tint"},
	"soft":      {"ground", "paper", "raised", "tint", "bad-tint"},
	"accent":    {"ground", "paper"},
	"on-accent": {"accent"},
	"warn":      {"warn-tint", "paper", "raised"},
	"bad":       {"bad-tint", "paper", "ground"},
	"on-level":  {"l1", "l2", "l3", "l4"},
}

func TestEveryInkCanBeReadOnItsGround(t *testing.T) {
	css, err := os.ReadFile("static/base.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`(?s):root[^{]*\{(.*?)\}`).FindAllStringSubmatch(string(css), -1)
	if len(themes) != 3 {
		t.Fatalf("found %d themes, want light, dark by the system and dark by choice", len(themes))
	}
	if a, b := strings.Join(strings.Fields(themes[1][1]), ""), strings.Join(strings.Fields(themes[2][1]), ""); a != b {
		t.Error("the two dark themes differ")
	}
	for i, theme := range themes {
		colours := make(map[string]float64)
		for _, m := range regexp.MustCompile(`--([\w-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(theme[1], -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for ink, grounds := range pairs {
			for _, ground := range grounds {
				light, dark := max(colours[ink], colours[ground]), min(colours[ink], colours[ground])
				if ratio := (light + 0.05) / (dark + 0.05); ratio < 4.5 {
					t.Errorf("theme %d: %s on %s has a contrast of %.2f, want 4.5", i, ink, ground, ratio)
				}
			}
		}
		// What can be pressed or written in is seen by its edge.
		for _, ground := range []string{"ground", "paper", "raised"} {
			light, dark := max(colours["edge"], colours[ground]), min(colours["edge"], colours[ground])
			if ratio := (light + 0.05) / (dark + 0.05); ratio < 3 {
				t.Errorf("theme %d: edge on %s has a contrast of %.2f, want 3", i, ground, ratio)
			}
		}
	}
}

// luminance is the relative luminance of a colour such as 0b6b63, as WCAG defines it.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
