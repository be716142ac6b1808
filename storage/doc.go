// Package storage is the schema, once: which keys there are, how records are written, and how a
// commit becomes one batch. It implements bot.Store over an Engine, joins the commits of callers that
// wait at the same time into one batch, and proves by hashes that a log is the one that was written.
//
// It never decides anything about an incident, never words a sentence for people, never runs a
// caller's code inside a transaction, and knows no engine: bolt and memory are below it.
package storage
