package hospital

import "wardline/bot/incident"

// FindSystem reads text as one system: its id, name or an alias, whatever the case, width, spaces
// and hyphens. Without a hit it returns "" and up to three nearest systems.
func (p *Pack) FindSystem(text string) (incident.SystemID, []incident.SystemID) {
	return found[incident.SystemID](p.index.systemWords.find(text))
}

// FindDepartment reads text as one department, as FindSystem does.
func (p *Pack) FindDepartment(text string) (incident.DepartmentID, []incident.DepartmentID) {
	return found[incident.DepartmentID](p.index.departmentWords.find(text))
}

// FindText reads text as one procedure or back-entry sheet, its id or title, as FindSystem does.
func (p *Pack) FindText(text string) (id string, near []string) { return p.index.textWords.find(text) }

// TextTitle returns the title of a procedure or back-entry sheet.
func (p *Pack) TextTitle(id string) (Text, bool) {
	if r, ok := p.Procedure(ProcedureID(id)); ok {
		return r.Title, true
	}
	s, ok := p.Sheet(SheetID(id))
	return s.Title, ok
}

// SystemsIn returns the systems named inside a sentence, in order of appearance. Latin names stand
// as whole words; those of up to three letters only in capitals or beside Chinese, so that "or" and
// "his" in an English sentence name nothing.
func (p *Pack) SystemsIn(sentence string) []incident.SystemID {
	return typed[incident.SystemID](p.index.systemWords.in(sentence))
}

// SystemsLike returns the systems a sentence that names none may mean: those whose names share with it what few names
// hold, the likeliest first. People must choose among them.
func (p *Pack) SystemsLike(sentence string) []incident.SystemID {
	return typed[incident.SystemID](p.index.systemWords.sharing(sentence))
}

// DepartmentsIn returns the departments named inside a sentence, as SystemsIn does.
func (p *Pack) DepartmentsIn(sentence string) []incident.DepartmentID {
	return typed[incident.DepartmentID](p.index.departmentWords.in(sentence))
}

func found[T ~string](id string, near []string) (T, []T) {
	return T(id), typed[T](near)
}

func typed[T ~string](ids []string) []T {
	var out []T
	for _, id := range ids {
		out = append(out, T(id))
	}
	return out
}
