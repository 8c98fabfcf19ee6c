# La cuenta propia: los navegadores con la sesión abierta y las llaves de acceso.

## Navegadores con la sesión abierta

sessions-title = Dónde tiene la sesión abierta
sessions-what = Cierre la sesión en un navegador que ya no use o que no conozca. Si no lo conoce, cambie también su contraseña.
sessions-none = Tiene la sesión abierta aquí y en ningún otro lugar.
sessions-device = { $browser } en { $system }
sessions-unknown = Un navegador que aún no ha llamado
sessions-times = Entró: { $since } · última actividad: { $active }
sessions-current = Este navegador
sessions-end = Cerrar sesión
sessions-end-of = Cerrar sesión en { $device }
sessions-end-others = Cerrar sesión en todos los demás
sessions-end-ask = ¿Cerrar sesión en este navegador?
sessions-end-what = La sesión se cierra en menos de un segundo. Lo que se esté escribiendo allí y no se haya enviado se pierde.
sessions-others-ask = ¿Cerrar sesión en todos los demás?
sessions-others-what = La sesión se cierra en todos los demás navegadores en menos de un segundo. Aquí sigue abierta.

browser-chrome = Chrome
browser-edge = Edge
browser-firefox = Firefox
browser-opera = Opera
browser-safari = Safari
browser-other = Un navegador
system-android = Android
system-chrome-os = ChromeOS
system-ios = iPhone o iPad
system-linux = Linux
system-macos = macOS
system-windows = Windows
system-other = otro sistema

## Quien solo puede leer

contact-read-only = Puede ver este contacto, pero no cambiar nada. Pida a un administrador que lo cambie.
