// Package bolt is the engine on one machine's disk: a single bbolt file with one writer. It also
// takes hot backups of that file and checks it.
//
// It never knows what the bytes mean that it keeps, and never opens a file another process is
// writing to.
package bolt
