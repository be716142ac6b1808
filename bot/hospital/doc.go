// Package hospital is the hospital as data: its systems and what they depend on, its departments,
// what each of them does on paper, the forms, the back-entry sheets, the policy and the layout of
// messages. A complete generic pack is built in; a hospital lays its own files over it.
//
// A Pack never changes once loaded and is safe for any number of readers. The package never knows
// an incident, never words a sentence of its own for people and never guesses: what a file does not
// say is a Problem with file, line, key and remedy.
//
// The files are read with go.yaml.in/yaml/v3. It is kept by the YAML project itself, depends on
// nothing, and its nodes carry the line of every key, which is what a useful Problem needs.
package hospital
