// Package when reads the times hospital people write, in Chinese and English, and writes times back.
// It never guesses: what is not one instant comes back as a problem with the readings to ask about.
// It never asks the clock either: every caller brings its own now.
package when
