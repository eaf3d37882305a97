#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub path: String,
    pub user: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub body: String,
}

pub trait Layer {
    fn handle(&self, req: Request, next: &dyn Fn(Request) -> Response) -> Response;
}

pub struct RequireUser;

impl Layer for RequireUser {
    fn handle(&self, req: Request, next: &dyn Fn(Request) -> Response) -> Response {
        if req.user.is_none() {
            let body = format!("{} needs a login", req.path);
            return Response { status: 401, body };
        }
        next(req)
    }
}

pub struct Prefix(pub String);

impl Layer for Prefix {
    fn handle(&self, mut req: Request, next: &dyn Fn(Request) -> Response) -> Response {
        match req.path.strip_prefix(self.0.as_str()) {
            Some(rest) => {
                req.path = rest.to_string();
                next(req)
            }
            None => Response {
                status: 404,
                body: String::new(),
            },
        }
    }
}

pub fn serve<F>(layers: &[Box<dyn Layer>], endpoint: &F, req: Request) -> Response
where
    F: Fn(Request) -> Response,
{
    match layers.split_first() {
        Some((layer, inner)) => layer.handle(req, &|r| serve(inner, endpoint, r)),
        None => endpoint(req),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo(req: Request) -> Response {
        Response {
            status: 200,
            body: req.path,
        }
    }

    fn ask(path: &str, user: Option<&str>) -> Response {
        let layers: Vec<Box<dyn Layer>> =
            vec![Box::new(Prefix("/api".to_string())), Box::new(RequireUser)];
        let req = Request {
            path: path.to_string(),
            user: user.map(str::to_string),
        };
        serve(&layers, &echo, req)
    }

    #[test]
    fn reaches_the_endpoint() {
        let r = ask("/api/cats", Some("kim"));
        assert_eq!((r.status, r.body.as_str()), (200, "/cats"));
    }

    #[test]
    fn layers_stop_requests() {
        let r = ask("/api/cats", None);
        assert_eq!((r.status, r.body.as_str()), (401, "/cats needs a login"));
        assert_eq!(ask("/web", None).status, 404);
    }
}
