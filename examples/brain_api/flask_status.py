"""The status of the brain API as Flask with PyJWT would serve it: the same route, token and answer, under gunicorn."""

import functools
import json
import os

import jwt
from flask import Flask, Response, jsonify, request

KEY = os.environ["KEY"]
with open(os.environ["STATUS"], encoding="utf-8") as file:
    STATUS = json.load(file)

app = Flask(__name__)


def needs_token(route):
    @functools.wraps(route)
    def checked(*args, **kwargs):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme != "Bearer":
                raise jwt.InvalidTokenError("no token")
            claims = jwt.decode(token, KEY, algorithms=["HS256"], audience="wirereport-api", issuer="wirereport")
            if "read" not in claims["scope"].split():
                raise jwt.InvalidTokenError("scope")
        except jwt.InvalidTokenError as error:
            return Response(json.dumps({"status": 401, "detail": str(error)}), 401, mimetype="application/problem+json")
        return route(*args, **kwargs)

    return checked


@app.get("/v1/status")
@needs_token
def status():
    return jsonify(STATUS)
