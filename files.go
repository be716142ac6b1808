package main

import (
	"context"
	"fmt"
	"io"

	"wardline/bot/hospital"
	"wardline/storage"
	"wardline/storage/bolt"
)

// backup copies the database of a configuration, whether a bot runs on it or not.
func backup(ctx context.Context, s setup, file string, stdout io.Writer) error {
	report, err := bolt.Backup(ctx, s.Storage.File, file)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: %s\n", file, holds(report))
	return nil
}

// verify checks a database file and fails if anything in it is not what was written.
func verify(ctx context.Context, file string, stdout io.Writer) error {
	report, err := bolt.Verify(ctx, file)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if report.OK() {
		fmt.Fprintf(stdout, "%s is whole: %s\n", file, holds(report))
		return nil
	}
	var problems hospital.Problems
	for _, p := range report.Problems {
		problems = append(problems, hospital.Problem{File: file, Key: p.Place, Text: p.What})
	}
	return problems
}

func holds(r storage.Report) string {
	return fmt.Sprintf("%s, %s (%d struck), %s to be said, %s, %s of adapters",
		counted(r.Incidents, "incident"), counted(r.Events, "event"), r.Struck,
		counted(r.Messages, "message"), counted(r.Marks, "mark"), counted(r.Shelved, "record"))
}
