"""Sign-in for an app: authorisation code with PKCE, as a page, a phone or a command does it.

    provider = Provider.discover(issuer)                    # output `Issuer` of the stack
    app = App(client_id, redirect_uri)                      # one of `SignInCallbacks`
    pending = begin()                                       # keep it, in the page's own session
    open_in_browser(address(provider, app, pending))        # the whole page, or the phone's browser
    session = finish(provider, app, pending, came_back_to)  # at the redirect address
    client = Client(api_url, session.access_token)          # of meterai_client; renews itself

The browser is the person's own: an app that shows the sign-in page inside itself could read the
password (RFC 8252, section 8.12).
"""
