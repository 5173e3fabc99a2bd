"""A headless Chromium, driven through the DevTools protocol over a pipe: JSON, each message ended by
a NUL byte, on the browser's file descriptors 3 (to it) and 4 (from it)."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--disable-dev-shm-usage", "--mute-audio", "--remote-debugging-pipe",
]
# For an answer, and for what a page is waited for to do.
SECONDS = 60


class Trouble(Exception):
    """The browser ended, or refused a command."""


class Browser:
    """One page of a browser with a profile of its own."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="vmpanic-browser-")
        its_in, self.into = os.pipe()
        self.out, its_out = os.pipe()
        # Out of the way of 3 and 4.
        high_in, high_out = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (its_in, its_out))

        def place():
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen([program, *SWITCHES, "--user-data-dir=" + self.profile, "about:blank"],
                                        preexec_fn=place, pass_fds=(3, 4), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in (its_in, its_out, high_in, high_out):
            os.close(end)
        self.received = b""
        self.number = 0
        self.events = []
        target = self.send("Target.createTarget", url="about:blank", outer=True)["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True, outer=True)["sessionId"]

    def close(self):
        os.close(self.into)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _receive(self, deadline):
        """The next message; None when none came in time."""
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.out], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return None
            more = os.read(self.out, 1 << 20)
            if not more:
                raise Trouble("the browser ended")
            self.received += more
        message, self.received = self.received.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, outer=False, **params):
        """Sends a command and returns its result; events that come meanwhile are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if not outer:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.into, data):]
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self._receive(deadline)
            if answer is None:
                raise Trouble(f"{method}: no answer in {SECONDS} seconds")
            if answer.get("id") == self.number:
                break
            self.events.append(answer)
        if "error" in answer:
            raise Trouble(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def wait_for(self, method):
        """Waits until that event has come."""
        deadline = time.monotonic() + SECONDS
        while not any(event.get("method") == method for event in self.events):
            message = self._receive(deadline)
            if message is None:
                raise Trouble(f"{method} did not come in {SECONDS} seconds")
            self.events.append(message)

    def seen(self, *methods):
        """The parameters of such events so far."""
        return [event["params"] for event in self.events if event.get("method") in methods]

    def open(self, path):
        self.events.clear()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(domain + ".enable")
        self.send("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        """The value of a JavaScript expression; of a promise what it came to."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Trouble(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def until(self, script):
        """Waits until an expression holds; whether it came to."""
        deadline = time.monotonic() + 10
        while not self.run(script):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def resize(self, width, height, is_phone=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=is_phone)

    def emulate(self, media="", **features):
        """A medium ("print"; "" for the screen) and features such as prefers_color_scheme="dark"."""
        self.send("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def click(self, selector):
        """A click of the mouse on the middle of an element."""
        place = self.run(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{block: 'center', behavior: 'instant'}});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def press(self, key, code=0, text=""):
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                      text=text if kind == "keyDown" else "")

    def type(self, text):
        self.send("Input.insertText", text=text)

    def screenshot(self, path, is_whole=False):
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def print(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.send("Page.printToPDF", printBackground=False)["data"]))
