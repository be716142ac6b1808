// Package when reads the times hospital people write, in Chinese and English, and writes times back.
// It never guesses: what is not one instant comes back as a problem with the readings to ask about.
// It never asks the clock either, and keeps no state: every caller brings its own now and zone.
//
// Libraries for natural dates were tried on 25 everyday expressions before this was written.
// github.com/olebedev/when v1.1.0 has rules for both languages, but panics on 下午3点, reads
// 一个半小时后 as half an hour, and reports no ambiguity: 8点 is a past 08:00, 5/6 is 6 May.
// github.com/markusmobius/go-dateparser v1.4.7 reads neither 下午3点, 半小时后 nor half an hour,
// takes 1430 for midnight and 30 for the 30th of the month, and also chooses in silence.
//
// A clock time is a 24-hour one. An ETA that names an hour from 1 to 12 already gone by is asked
// back, as is a day without an hour, a date such as 5/6 that has two orders, and an hour that the
// zone skips or repeats on that day. Every ETA is an estimate, so 大概 and about change nothing.
package when
