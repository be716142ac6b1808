package bot

import "wardline/bot/guard"

// Guard looks for patients' data and secrets in what somebody wrote. Adapters ask before they relay
// plain words; commands are asked for anyway. The hospital's own telephone numbers are let pass.
func (d *Desk) Guard(text string) (guard.Class, bool) {
	return guard.Found(text, d.phones...)
}

// phonesOf lists the telephone numbers that a configuration names.
func phonesOf(o Options) (phones []string) {
	for _, v := range o.Fill {
		phones = append(phones, v)
	}
	for _, r := range o.Rooms {
		phones = append(phones, r.Phone)
	}
	for _, p := range o.People {
		phones = append(phones, p.Phone)
	}
	return phones
}
