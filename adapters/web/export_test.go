package web

import "net/http"

// Heartbeat is how often a stream says that it lives.
const Heartbeat = heartbeat

// Routes is what Serve serves, for tests in which no network can be.
func (s *Server) Routes(hearer Hearer, desk Desk) http.Handler {
	s.hearer, s.desk = hearer, desk
	return s.routes()
}
