package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"syscall"
	"time"

	"wardline/storage"
	"wardline/storage/bolt"
)

// exitDamaged is how a process that looks at a file in place of this one says that it is damaged.
const exitDamaged = 3

// finding is what such a process writes to its standard output.
type finding struct {
	Report storage.Report `json:"report"`
	Why    string         `json:"why,omitempty"` // why the file is damaged, or could not be looked at
}

// errSlow says that a file could not be looked at in time. That proves nothing about it.
var errSlow = errors.New("the check took too long")

// ownStack bounds what damaged pages that point at each other may use up.
const ownStack = 64 << 20

// checkHere is the hidden command: it checks a file, and may die of it.
func checkHere(ctx context.Context, file string, quick bool, stdout io.Writer) (code int) {
	debug.SetMaxStack(ownStack)
	go watchMemory(file)
	check := bolt.Verify
	if quick {
		check = bolt.VerifyEnds
	}
	report, err := check(ctx, file)
	f := finding{Report: report}
	switch {
	case errors.Is(err, bolt.ErrDamaged):
		f.Why, code = err.Error(), exitDamaged
	case err != nil:
		f.Why, code = err.Error(), exitFailed
	case !report.OK():
		p := report.Problems[0]
		f.Why, code = fmt.Sprintf("%s: %s: %s", file, p.Place, p.What), exitDamaged
	}
	if err := json.NewEncoder(stdout).Encode(f); err != nil {
		return exitFailed
	}
	return code
}

// fileChecker checks files in processes of their own, so that no file can kill this one.
func fileChecker(quick bool, limit time.Duration) bolt.Checker {
	return func(ctx context.Context, file string) (storage.Report, error) {
		args := []string{"check-file", file}
		if quick {
			args = append(args, "--quick")
		}
		return inChild(ctx, limit, args...)
	}
}

// copyInChild is bolt.Backup in a process of its own.
func copyInChild(ctx context.Context, limit time.Duration, file, dest string) (storage.Report, error) {
	return inChild(ctx, limit, "copy-file", file, dest)
}

// told is damage in the words of the process that found it.
type told struct{ why string }

func (t told) Error() string { return t.why }
func (t told) Unwrap() error { return bolt.ErrDamaged }

// inChild runs a hidden command of this program and returns what it found. If damage ended the
// process, that is what was found; if anything else did, nothing was.
func inChild(ctx context.Context, limit time.Duration, args ...string) (storage.Report, error) {
	self, err := ownProgram()
	if err != nil {
		return storage.Report{}, err
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(timed, self, args...)
	cmd.Args[0] = "wardline"
	cmd.WaitDelay = time.Second
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err = cmd.Run()
	var f finding
	if json.Unmarshal(out.Bytes(), &f) != nil {
		f = finding{}
	}
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return f.Report, nil
	case ctx.Err() != nil:
		return f.Report, ctx.Err()
	case timed.Err() != nil:
		return f.Report, fmt.Errorf("%s: %w (%v)", args[0], errSlow, limit)
	case !ended:
		return f.Report, fmt.Errorf("%s: %w", args[0], err)
	case f.Why != "" && exit.ExitCode() == exitDamaged:
		return f.Report, told{f.Why}
	case f.Why != "":
		return f.Report, errors.New(f.Why)
	case crashed(exit, said.String()):
		return f.Report, told{fmt.Sprintf("%s: reading it ends the process: %s", args[1], firstLine(said.String()))}
	}
	return f.Report, fmt.Errorf("%s: %w: %s", args[0], err, firstLine(said.String()))
}

// crashed tells an end by the content of a file from one by the machine, such as by a process that
// makes room in memory: a file is not given up for that.
func crashed(exit *exec.ExitError, said string) bool {
	if strings.Contains(said, "goroutine ") && exit.ExitCode() == exitUsage {
		return true
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && slices.Contains([]syscall.Signal{syscall.SIGBUS, syscall.SIGSEGV, syscall.SIGABRT}, status.Signal())
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// ownProgram names this program's file, also after an upgrade has put another in its place.
func ownProgram() (string, error) {
	const running = "/proc/self/exe"
	if _, err := os.Stat(running); err == nil {
		return running, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	return self, nil
}

// watchMemory ends the process when damaged pages make it take more memory than any whole file needs.
func watchMemory(file string) {
	limit := uint64(1 << 30)
	if info, err := os.Stat(file); err == nil {
		limit += uint64(info.Size())
	}
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for range time.Tick(100 * time.Millisecond) {
		if metrics.Read(sample); sample[0].Value.Uint64() > limit {
			panic("its pages are without end") // the starter reads it
		}
	}
}

// copyHere is the hidden command: it backs a database up in a process of its own.
func copyHere(ctx context.Context, file, dest string, stdout io.Writer) int {
	report, err := bolt.Backup(ctx, file, dest)
	f := finding{Report: report}
	code := exitOK
	if err != nil {
		f.Why, code = err.Error(), exitFailed
		if errors.Is(err, bolt.ErrDamaged) || !report.OK() {
			code = exitDamaged
		}
	}
	if err := json.NewEncoder(stdout).Encode(f); err != nil {
		return exitFailed
	}
	return code
}
