use std::time::Duration;

#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub timeout: Duration,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            host: "localhost".to_string(),
            port: 8080,
            timeout: Duration::from_secs(30),
        }
    }
}

impl Server {
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// One server for each worker, on consecutive ports.
    pub fn replicas(&self, count: u16) -> Vec<Server> {
        (0..count)
            .map(|i| Server {
                port: self.port + i,
                ..self.clone()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_defaults() {
        let server = Server::default();
        assert_eq!(server.address(), "localhost:8080");
        assert_eq!(server.timeout, Duration::from_millis(30_000));
    }

    #[test]
    fn replicates() {
        let server = Server {
            host: "n1".into(),
            ..Default::default()
        };
        let addresses: Vec<_> = server.replicas(2).iter().map(Server::address).collect();
        assert_eq!(addresses, ["n1:8080", "n1:8081"]);
        assert_eq!(server.replicas(1), [server]);
    }
}
