// Package commands is what people may say: one table of commands that feeds the parser, help,
// completion, forms and the platforms' menus, and one file per command with its words and its deed.
//
// It checks who may do what and answers the speaker in private. It never sends anything to a room
// and never stores anything itself; the desk does both.
package commands
