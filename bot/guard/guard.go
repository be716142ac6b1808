package guard

// Class is what kind of data was found. Its value is the end of a phrase's name.
type Class string

// The classes, the gravest first.
const (
	Secret       Class = "secret"        // a password, token or key
	IDNumber     Class = "id_number"     // of an identity card or passport
	Card         Class = "card"          // a bank or insurance card
	Record       Class = "record"        // a record, admission, outpatient, visit or insurance number
	Phone        Class = "phone"         // a mobile number, or the telephone of a family
	BirthDate    Class = "birth_date"    // a date of birth
	NamedPatient Class = "named_patient" // a name with a bed, an age or the word patient
)

// Classes lists all classes, the gravest first.
func Classes() []Class {
	return []Class{Secret, IDNumber, Card, Record, Phone, BirthDate, NamedPatient}
}

// Check returns the classes of data a text holds, each once, the gravest first; nil if it holds none.
// The known telephone numbers are the hospital's own and no patient's: they are let pass.
func Check(text string, known ...string) []Class {
	s := &search{text: fold(text), known: known}
	s.numbers()
	s.labels()
	s.births()
	s.chineseNames()
	s.englishNames()
	s.secrets()
	var out []Class
	for _, c := range Classes() {
		if s.found[c] {
			out = append(out, c)
		}
	}
	return out
}

// Found returns the gravest class of data a text holds, and whether it holds any.
func Found(text string, known ...string) (Class, bool) {
	if cs := Check(text, known...); len(cs) > 0 {
		return cs[0], true
	}
	return "", false
}

// search is one text being looked through.
type search struct {
	text
	known []string
	runs  []run
	found map[Class]bool
}

func (s *search) add(c Class) {
	if s.found == nil {
		s.found = map[Class]bool{}
	}
	s.found[c] = true
}
