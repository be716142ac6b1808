package web

import (
	_ "embed"
	"html/template"
	"net/http"

	"wardline/bot"
)

//go:embed print.html
var printPage string

// sheet sends something to be put on paper: plain HTML without a script, which any browser prints.
func (s *Server) sheet(w http.ResponseWriter, r *http.Request, _ bot.Person) {
	made, found := s.desk.Sheet(r.Context(), r.PathValue("kind")+"/"+r.PathValue("id"), s.lang(r))
	if !found {
		s.fail(w, r, http.StatusNotFound, "no_sheet")
		return
	}
	page, err := template.New("print").Parse(printPage)
	if err != nil {
		s.broken(w, r, "read the page of sheets", err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, made); err != nil {
		s.log.WarnContext(r.Context(), "a sheet was not sent whole", "error", err) // the reader left
	}
}

// sheetOf is the address of what can be printed for a room; "" if there is nothing.
func sheetOf(room bot.Room) string {
	switch room.Kind {
	case bot.DepartmentRoom:
		return "/print/department/" + string(room.Department)
	case bot.IncidentRoom:
		return "/print/wards/" + room.Incident.String()
	case bot.LeadersRoom, bot.ITRoom, bot.DirectRoom:
	}
	return ""
}
