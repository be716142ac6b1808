// Package answer routes a question asked in plain words, Chinese or English: to the live state of
// the outage, to the procedures that may answer it, or to a person.
//
// The router is pure: the same question in the same situation always takes the same route. It never
// words an answer, never judges a patient's treatment and never guesses: what it does not know well
// goes to a person. When a question is both about how to work on paper and about what is right for
// one patient, the patient decides and a person answers.
package answer
