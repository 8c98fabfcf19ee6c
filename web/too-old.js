// Run only by browsers that know no modules (attribute `nomodule`), and so written as they want it.
var app = document.getElementById("app");
while (app.firstChild) app.removeChild(app.firstChild);
document.getElementById("unsupported").removeAttribute("hidden");
