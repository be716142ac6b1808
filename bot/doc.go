// Package bot is the desk: it takes typed commands, lets the incident decide, commits the decision
// together with everything that must be said, and only then says it. It keeps time: digests, promised
// updates, ETAs and deadlines are deeds of a person called clock.
//
// It knows no chat system, no storage engine and no command grammar; those depend on it, never the
// other way round. It never says what is not stored and never guesses a time, a cause or a clinical step.
package bot
