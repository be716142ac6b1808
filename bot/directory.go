package bot

import (
	"strings"
	"sync"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// directory knows who is who. Configured people do not change; the names of strangers are learnt.
type directory struct {
	list     []Person
	byID     map[incident.PersonID]Person
	accounts map[string]incident.PersonID // "platform/user" -> person

	mu        sync.RWMutex // protects strangers
	strangers map[incident.PersonID]string
}

func newDirectory(people []Person) *directory {
	dir := &directory{
		list: people, byID: map[incident.PersonID]Person{}, accounts: map[string]incident.PersonID{},
		strangers: map[incident.PersonID]string{},
	}
	for _, p := range people {
		dir.byID[p.ID] = p
		for platform, user := range p.Accounts {
			dir.accounts[platform+"/"+user] = p.ID
		}
	}
	return dir
}

// rename takes the names of strangers from the marks.
func (dir *directory) rename(marks map[string]string) {
	dir.mu.Lock()
	defer dir.mu.Unlock()
	for name, value := range marks {
		if id, ok := strings.CutPrefix(name, "name/"); ok {
			dir.strangers[incident.PersonID(id)] = value
		}
	}
}

func (dir *directory) name(id incident.PersonID) string {
	if p, ok := dir.byID[id]; ok {
		return p.Name
	}
	dir.mu.RLock()
	defer dir.mu.RUnlock()
	if name := dir.strangers[id]; name != "" {
		return name
	}
	return string(id)
}

// People returns the configured people.
func (d *Desk) People() []Person { return d.people.list }

// PersonByID returns a configured person.
func (d *Desk) PersonByID(id incident.PersonID) (Person, bool) {
	p, ok := d.people.byID[id]
	return d.ownLang(p), ok
}

// PersonFor returns who a platform's user is: a person of the directory, or a stranger who may do
// what clinical staff may. Their language is what they chose, else what is configured, else the
// platform's locale; "" if none of them says.
func (d *Desk) PersonFor(platform, user, name, locale string) Person {
	id, known := d.people.accounts[platform+"/"+user]
	if !known && platform == "web" {
		id = incident.PersonID(user) // the web desk's own users are the directory itself
	}
	p, known := d.people.byID[id]
	if !known {
		p = Person{ID: incident.PersonID(platform + ":" + user), Name: name, Accounts: map[string]string{platform: user}}
		if p.Name == "" {
			p.Name = user
		}
	}
	p = d.ownLang(p)
	if p.Lang == "" {
		switch {
		case strings.HasPrefix(strings.ToLower(locale), "zh"):
			p.Lang = hospital.ZH
		case locale != "":
			p.Lang = hospital.EN
		}
	}
	return p
}

func (d *Desk) ownLang(p Person) Person {
	if own := d.mark("lang/" + string(p.ID)); own != "" {
		p.Lang = hospital.Lang(own)
	}
	return p
}

// stranger returns the mark that remembers the name of somebody who is not configured, if it is new. What
// is announced in the same change calls them by that name already.
func (b *batch) stranger(p Person) []Mark {
	name := "name/" + string(p.ID)
	if _, known := b.d.people.byID[p.ID]; known || p.Name == "" || b.mark(name) == p.Name {
		return nil
	}
	b.d.people.rename(map[string]string{name: p.Name})
	return []Mark{{Name: name, Value: p.Name}}
}

// roleOf says which permission a role of the hospital's policy brings.
func roleOf(policyRole string) Role {
	switch policyRole {
	case "coordinator", "scribe":
		return Coordinator
	case "tech_lead", "engineer", "security_lead":
		return Engineer
	case "leader", "leaders", "clinical_lead", "nursing_lead", "comms_lead":
		return Leader
	}
	return Clinical
}

// May reports whether the person has one of the roles, by configuration or in this incident. No roles
// wanted means everybody may.
func (d *Desk) May(p Person, in incident.Incident, roles ...Role) bool {
	if len(roles) == 0 {
		return true
	}
	for _, want := range roles {
		if p.Has(want) {
			return true
		}
		for _, r := range p.Roles {
			if roleOf(string(r)) == want {
				return true
			}
		}
		for policyRole, holders := range in.Roles {
			for _, h := range holders {
				if h == p.ID && roleOf(policyRole) == want {
					return true
				}
			}
		}
	}
	return false
}

// Holders names the people who have one of the roles by configuration, for refusals that say who may.
func (d *Desk) Holders(in incident.Incident, roles ...Role) []incident.PersonID {
	var out []incident.PersonID
	for _, p := range d.people.list {
		if d.May(p, in, roles...) {
			out = append(out, p.ID)
		}
	}
	return out
}
