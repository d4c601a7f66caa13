/// The dashboard's script: when the database has changed, the page that is open is fetched again and
/// its content put in place of the old one, at most every two seconds. A page that nobody sees does
/// not listen: a browser keeps few connections to one server. What was unfolded stays so.
enum LiveScript {
    static let text = """
        "use strict";
        let busy = false, again = false;
        async function refresh() {
          if (busy) { again = true; return; }
          busy = true;
          try {
            const answer = await fetch(location.href, {cache: "no-store"});
            if (answer.headers.get("content-type").startsWith("text/html")) {
              const page = new DOMParser().parseFromString(await answer.text(), "text/html");
              const [fresh, old] = [page.querySelector("main"), document.querySelector("main")];
              if (fresh && old) {
                for (const part of old.querySelectorAll("details[open]")) {
                  const twin = part.id && fresh.querySelector("#" + CSS.escape(part.id));
                  if (twin) twin.open = true;
                }
                old.replaceWith(fresh);
              }
            }
          } catch (error) { /* the server is away; the event source tries again */ }
          setTimeout(() => { busy = false; if (again) { again = false; refresh(); } }, 2000);
        }
        let events = null;
        function listen(isNew) {
          let quiet = isNew;
          events = new EventSource("/events");
          events.addEventListener("change", () => {
            if (quiet) { quiet = false; return; }
            refresh();
          });
        }
        document.addEventListener("visibilitychange", () => {
          if (document.hidden) { if (events) events.close(); events = null; }
          else if (!events) listen(false);
        });
        if (!document.hidden) listen(true);

        """
}
