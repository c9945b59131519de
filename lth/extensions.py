"""The Flask extensions, made once and bound to the application in ``lth.application``."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from lth.models.base import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate(db=db, compare_type=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
