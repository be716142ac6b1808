// Package guard finds patients' data and secrets in what people write, Chinese or English, so that it
// can be refused before anybody else sees it: identity, telephone, record and card numbers, a name
// together with a bed or an age, dates of birth, passwords, tokens and keys.
//
// It is pure: the same text always gives the same classes. It names the class of what it found and
// never returns, keeps or logs the value. It looks at patterns only, so it also lets things pass;
// striking what slipped through remains necessary.
package guard
