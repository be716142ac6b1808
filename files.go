package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

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
	report, err := fileChecker(false, checkLimit)(ctx, file)
	if err != nil && report.OK() {
		return fmt.Errorf("verify: %w", err)
	}
	if report.OK() {
		fmt.Fprintf(stdout, "%s is whole: %s\n", file, holds(report))
		for _, note := range report.Notes {
			fmt.Fprintf(stdout, "note: %s\n", note)
		}
		return nil
	}
	var problems hospital.Problems
	for _, p := range report.Problems {
		problems = append(problems, hospital.Problem{File: file, Key: p.Place, Text: p.What})
	}
	return problems
}

// restore puts a backup somebody chose in the place of the database, which is kept aside.
func restore(ctx context.Context, s setup, file string, stdout io.Writer) error {
	path := s.Storage.File
	if err := unused(path); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("restore: %w; name a backup", err)
	}
	report, err := fileChecker(false, checkLimit)(ctx, file)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	at := report.Latest
	if at.IsZero() {
		at = info.ModTime()
	}
	r, err := bolt.Restore(ctx, path, "restored by hand", []bolt.Copy{{Path: file, At: at}}, fileChecker(false, checkLimit))
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s is now a copy of %s: %s\n", path, file, holds(report))
	if r.Aside != "" {
		fmt.Fprintf(stdout, "what was there is kept as %s\n", r.Aside)
	}
	return nil
}

// unused makes sure that no bot has a database open.
func unused(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := bolt.Unused(path); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func holds(r storage.Report) string {
	return fmt.Sprintf("%s, %s (%d struck), %s to be said, %s, %s of adapters",
		counted(r.Incidents, "incident"), counted(r.Events, "event"), r.Struck,
		counted(r.Messages, "message"), counted(r.Marks, "mark"), counted(r.Shelved, "record"))
}
