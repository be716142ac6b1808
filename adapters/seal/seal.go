// Package seal signs what an adapter hands out and gets back from a chat system: buttons, forms, links.
// What comes back may have been made up by anybody there, so nothing of it is believed without its mark.
//
// It never encrypts: people can read what is sealed, they only cannot make or change it.
package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// MarkLength is how many characters a mark has. 16 bytes of a sum leave nobody a chance to guess, and
// fit beside a name into the 100 characters that Discord gives a button.
const MarkLength = 22

// Sealer makes and checks marks for one purpose. The zero value must not be used.
type Sealer struct{ key []byte }

// New returns the sealer of a purpose, such as "mattermost/button". What one purpose sealed is worth
// nothing to another, also under the same secret.
func New(secret []byte, purpose string) Sealer {
	sum := hmac.New(sha256.New, secret)
	sum.Write([]byte("wardline seal\x00" + purpose))
	return Sealer{key: sum.Sum(nil)}
}

// Mark returns the mark of some parts, in this order.
func (s Sealer) Mark(parts ...string) string {
	sum := hmac.New(sha256.New, s.key)
	for _, p := range parts { // with their lengths: "ab","c" is not "a","bc"
		sum.Write(binary.AppendUvarint(nil, uint64(len(p))))
		sum.Write([]byte(p))
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16])
}

// Holds reports whether the mark was made here for exactly these parts.
func (s Sealer) Holds(mark string, parts ...string) bool {
	return hmac.Equal([]byte(mark), []byte(s.Mark(parts...)))
}
