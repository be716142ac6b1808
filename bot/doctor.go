package bot

// Check is one thing the bot checked about itself. Name is a phrase below "doctor.".
type Check struct {
	Name string
	OK   bool
	Args []any
}

// Doctor checks what can be checked without sending anything: placeholders, roles, rooms, what is unsaid.
func (d *Desk) Doctor() []Check {
	var missing []string
	for _, p := range d.opts.Pack.Policy().Placeholders {
		if d.opts.Fill[p.Name] == "" {
			missing = append(missing, p.Name)
		}
	}
	checks := []Check{{Name: "placeholders", OK: len(missing) == 0, Args: []any{"missing", missing}}}
	for _, r := range []Role{Coordinator, Engineer, Leader} {
		n := len(d.configured(r))
		checks = append(checks, Check{Name: "role", OK: n > 0, Args: []any{"role", r, "n", n}})
	}
	template := 0
	for _, p := range d.opts.Pack.Procedures() {
		if p.Approval.Status != "approved" {
			template++
		}
	}
	checks = append(checks, Check{Name: "procedures", OK: template == 0, Args: []any{"n", template, "all", len(d.opts.Pack.Procedures())}})
	for _, s := range d.speakers {
		n := d.Unsaid(s.p.Name())
		checks = append(checks, Check{Name: "unsaid", OK: n == 0, Args: []any{"platform", s.p.Name(), "n", n}})
	}
	if d.opts.Inspect != nil {
		checks = append(checks, d.opts.Inspect()...)
	}
	return checks
}
