// Runs before the page is drawn, so that a dark room stays dark. "auto" follows the system.
(function () {
  const wanted = localStorage.getItem("wardline.theme");
  if (wanted === "light" || wanted === "dark") document.documentElement.dataset.theme = wanted;
})();
