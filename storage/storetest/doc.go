// Package storetest is the contract of an engine and of the store over it, as tests: every engine
// passes the same ones. It is imported by tests only and never knows which engine it tests.
package storetest
