# Lo que dicen las páginas mismas, chat.html y desk.html, cuando el programa no funciona, y mientras se carga.

loading = Cargando…
slow = Esto está tardando. Revise su conexión, vuelva a cargar la página o llame al { $phone }.
unsupported = Esta página necesita un navegador más nuevo o un ajuste activado. Pruebe con otro navegador o llame al { $phone }.
unreachable = Esta página no se cargó. Revise su conexión e inténtelo de nuevo, o llame al { $phone }.
again = Intentar de nuevo
the-practice = consultorio
desk-slow = Esto está tardando. Revise su conexión y vuelva a cargar la página.
desk-unsupported = Esta página necesita un navegador más nuevo o un ajuste activado. Pruebe con otro navegador o pregunte a su administrador.
desk-unreachable = Esta página no se cargó. Revise su conexión e inténtelo de nuevo.
