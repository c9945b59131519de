"""A browser that fills in the forms of the pages it has: each says in which role it was written."""

import re
from typing import Any

from flask.testing import FlaskClient

from lth.blueprints.web.kept_form import AS_ROLE

FIELD = re.compile(rf'name="{AS_ROLE}" value="(\d+)"')
ELSEWHERE = ("/sign-in", "/sign-out", "/forgotten", "/password/", "/account/language")
"""Where nobody acts in a role."""
CHANGING = ("/sign-in", "/account/second-factor/on", "/sign-out", "/account/role")


class FormClient(FlaskClient):
    """Posts what the test says, and the role that the last page with a form was written in.

    A test that says ``as_role`` itself is not helped; with None nothing is sent.
    """

    _role: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> Any:
        path = str(args[0]) if args else ""
        posts = kwargs.get("method") == "POST" and not path.startswith(ELSEWHERE)
        if posts and isinstance(kwargs.get("data") or {}, dict):
            kwargs["data"] = self._with_role(dict(kwargs.get("data") or {}))
        answer = super().open(*args, **kwargs)
        self._learn(path, kwargs.get("method"), answer)
        return answer

    def _with_role(self, data: dict[str, Any]) -> dict[str, Any]:
        if AS_ROLE not in data:
            if self._role is None and self._is_signed_in():
                self.get("/account")
            data[AS_ROLE] = self._role
        return {name: value for name, value in data.items() if name != AS_ROLE or value is not None}

    def _is_signed_in(self) -> bool:
        with self.session_transaction() as cookie:
            return "_user_id" in cookie

    def _learn(self, path: str, method: str | None, answer: Any) -> None:
        if method == "POST" and path.startswith(CHANGING):
            self._role = None
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return
        if "Content-Encoding" not in answer.headers:
            found = FIELD.search(answer.get_data(as_text=True))
            self._role = found[1] if found else self._role
