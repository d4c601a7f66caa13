#!/usr/bin/env python3
"""Opens pages in headless Chromium and looks for what a reader would trip over.

check_pages.py FOLDER PAGE...: every page, a file or an address, on a phone and a desk, in light and dark, and as paper.
Prints a line for each finding, exits with 1 where there is any, and leaves pictures in FOLDER.
Speaks the DevTools protocol over a pair of pipes: nothing but Python and a Chromium is needed.
"""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

DEADLINE_SECONDS = 60
SHOWN = 30
VIEWS = [
    # name, width, height, scale, scheme, media
    ("phone-light", 390, 844, 2, "light", "screen"),
    ("phone-dark", 390, 844, 2, "dark", "screen"),
    ("narrow-light", 320, 640, 2, "light", "screen"),
    ("desk-light", 1280, 900, 1, "light", "screen"),
    ("desk-dark", 1280, 900, 1, "dark", "screen"),
    # A4 less its margins at 96 dots an inch.
    ("paper", 688, 1000, 1, "light", "print"),
]

LOOK = r"""
(() => {
  const found = [];
  const say = (what) => { if (!found.includes(what)) found.push(what); };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    say(`scrolls sideways: ${root.scrollWidth} of ${root.clientWidth} pixels`);
  const shown = (box) => box.width > 0 && box.height > 0;
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((v) => {
      v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, two) => {
    const [a, b] = [light(one), light(two)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const ground = getComputedStyle(document.body).backgroundColor;
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    if (!shown(frame)) continue;
    const name = (svg.getAttribute("aria-label") || "").split(".")[0];
    if (!name) say("a picture has no words for those who do not see it");
    const texts = [...svg.querySelectorAll("text")].map((element) => {
      const box = element.getBoundingClientRect();
      // A box is as high as the line; letters take the middle of it.
      const room = box.height * 0.18;
      return { element, words: element.textContent.trim(), left: box.left, right: box.right,
        top: box.top + room, bottom: box.bottom - room };
    }).filter((text) => text.words);
    for (const text of texts) {
      if (text.left < frame.left - 0.5 || text.right > frame.right + 0.5
        || text.top < frame.top - 0.5 || text.bottom > frame.bottom + 0.5)
        say(`cut label in "${name}": "${text.words}"`);
      const style = getComputedStyle(text.element);
      const size = parseFloat(style.fontSize) * frame.width / svg.viewBox.baseVal.width;
      if (size < 6.5) say(`label of ${size.toFixed(1)} pixels in "${name}": "${text.words}"`);
      if (!text.element.classList.contains("iv") && ratio(style.fill, ground) < 4.5)
        say(`pale label in "${name}": "${text.words}"`);
    }
    for (let i = 0; i < texts.length; i++)
      for (let j = i + 1; j < texts.length; j++) {
        const [a, b] = [texts[i], texts[j]];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 0.5 && down > 0.5)
          say(`overlapping labels in "${name}": "${a.words}" and "${b.words}"`);
      }
  }
  for (const element of document.querySelectorAll("h1,h2,h3,p,li,figcaption,th,td,pre,summary")) {
    const style = getComputedStyle(element);
    if (element.textContent.trim() && ratio(style.color, ground) < 4.5)
      say(`pale text: "${element.textContent.trim().slice(0, 40)}"`);
  }
  return found;
})()
"""

PLANTED = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>planted</title>
<style>body{background:#fff;color:#000} .pale{color:#eee}</style>
<script>console.error("planted"); missing();</script></head>
<body><p class="pale">pale words</p><div style="width:3000px">wide</div>
<img src="http://127.0.0.1:9/none.png" alt=""/>
<svg viewBox="0 0 200 100" width="200" aria-label="planted"><text x="10" y="50">one</text>
<text x="14" y="52">two</text><text x="180" y="20">cut off here</text></svg></body></html>"""
PLANTED_FINDINGS = [
    "scrolls sideways", "overlapping labels", "cut label", "pale text", "asks for http",
    "console: planted", "exception",
]


def origin(address):
    """What a page may load: itself, and where it is served what that server has."""
    parts = urllib.parse.urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else address.split("#")[0]


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, profile):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser",
                                                       "google-chrome"])), None)
        if program is None:
            sys.exit("check_pages.py: there is no Chromium here: apt-get install chromium")
        (take, self.commands), (self.answers, give) = os.pipe(), os.pipe()
        for descriptor in (take, give):
            os.set_inheritable(descriptor, True)
        # The browser reads commands from descriptor 3 and writes answers to 4.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{take} 4>&{give}', "sh", program, "--headless",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(take)
        os.close(give)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        targets = self.ask("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=page["targetId"],
                                flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method, **parameters):
        """The answer to a command; events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read(method)
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"check_pages.py: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def read(self, why):
        """The next message, within a deadline."""
        end = time.monotonic() + DEADLINE_SECONDS
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.answers], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.answers, 1 << 20) if ready else b""
            if not piece:
                sys.exit(f"check_pages.py: the browser does not answer to {why}")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def open(self, address):
        """Loads a page to its end."""
        self.events = []
        self.ask("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.read(address))

    def troubles(self, address):
        """What the page's console, scripts and requests came to since it was opened."""
        for event in self.events:
            parameters = event.get("params", {})
            match event.get("method"):
                case "Runtime.consoleAPICalled" if parameters["type"] in ("error", "warning"):
                    words = [str(part.get("value")) for part in parameters["args"]]
                    yield f"console: {' '.join(words)}"
                case "Runtime.exceptionThrown":
                    yield f"exception: {parameters['exceptionDetails']['text']}"
                case "Log.entryAdded" if parameters["entry"]["level"] in ("error", "warning"):
                    yield f"log: {parameters['entry']['text']}"
                case "Network.requestWillBeSent":
                    target = parameters["request"]["url"]
                    if not target.startswith(("data:", origin(address))):
                        yield f"asks for {target}"

    def evaluate(self, script):
        """The value of a script."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(f"check_pages.py: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def picture(self, path):
        """The whole page, up to a height that a picture can have."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 7000),
                "scale": 1}
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                        clip=clip)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        """Ends the browser."""
        os.close(self.commands)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def look(browser, address, stem, folder):
    """All findings of all views of a page."""
    for view, width, height, scale, scheme, media in VIEWS:
        browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                    deviceScaleFactor=scale, mobile=view.startswith(("phone", "narrow")))
        browser.ask("Emulation.setEmulatedMedia", media=media,
                    features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(address)
        found = browser.evaluate(LOOK)
        if folder:
            browser.picture(folder / f"{stem}-{view}.png")
        if folder and media == "print":
            data = browser.ask("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27,
                               paperHeight=11.69)["data"]
            (folder / f"{stem}.pdf").write_bytes(base64.b64decode(data))
        browser.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
        found += browser.evaluate(LOOK)
        found += browser.troubles(address)
        for finding in dict.fromkeys(found):
            yield f"{view}: {finding}"


def main():
    """Checks the checker, then the pages."""
    folder, pages = pathlib.Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        planted = pathlib.Path(profile) / "planted.html"
        planted.write_text(PLANTED)
        seen = "\n".join(look(browser, planted.as_uri(), "planted", None))
        missed = [finding for finding in PLANTED_FINDINGS if finding not in seen]
        if missed:
            sys.exit(f"check_pages.py: does not find what was planted: {missed}\n{seen}")
        for page in pages:
            is_served = page.startswith("http://")
            address = page if is_served else pathlib.Path(page).resolve().as_uri()
            name = urllib.parse.urlsplit(page).path.rpartition("/")[2] or "index"
            stem = f"served-{name}" if is_served else pathlib.Path(page).stem
            findings = list(look(browser, address, stem, folder))
            count += len(findings)
            for finding in findings[:SHOWN]:
                print(f"FOUND {stem} {finding}")
            if len(findings) > SHOWN:
                print(f"FOUND {stem} and {len(findings) - SHOWN} more")
            if not findings:
                print(f"ok    {stem}: {', '.join(view[0] for view in VIEWS)}")
        browser.close()
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
