"""Serve the Kinetalk page: `python app.py [--host 0.0.0.0] [--port 7860]`; PORT in the environment sets the port."""

from __future__ import annotations

import argparse
import logging

import uvicorn

from app.server import build_app
from engine import Engine, save
from engine.core.config import Config


def main() -> None:
    """Parse the flags, build the page and serve it until interrupted."""
    config = Config.from_env()
    parser = argparse.ArgumentParser(description="Serve the Kinetalk page.")
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on (default: all)")
    parser.add_argument("--port", type=int, default=config.port, help=f"port to listen on (default: {config.port})")
    flags = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = build_app(lambda: Engine.load(config), save, config.home)
    logging.getLogger("kinetalk").info("the page is at http://localhost:%d", flags.port)
    uvicorn.run(app, host=flags.host, port=flags.port, log_level="warning")


if __name__ == "__main__":
    main()
