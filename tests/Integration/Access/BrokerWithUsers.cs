using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quorate.Tests.Integration.Cli;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Access;

/// <summary>A broker of our own whose users were made by <c>quorate broker users</c>, twice: by rabbitmqctl for one virtual host, by the management plugin for another.</summary>
public sealed class BrokerWithUsers : IAsyncLifetime
{
    public const string Collection = "a broker with users";
    public const string Prefix = "acme.";

    private const int Executable = 0b111_101_101;
    private const string ClusterConf = """
        <cluster name="test" config_version="1">
          <clusternodes><clusternode name="n1" nodeid="1" votes="1"/><clusternode name="N2.b" nodeid="2" votes="0"/></clusternodes>
          <rm><service name="web" autostart="0"><ocf agent="quorate:Witness" name="web" directory="WITNESS"/></service></rm>
        </cluster>
        """;

    private readonly int _managementPort = FreePort.Find();
    private RabbitMqServer? _server;

    /// <summary>Where everything of the tests lies.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("quorate-access-").FullName;

    /// <summary>Where the broker speaks TLS, as localhost.</summary>
    public int EncryptedPort { get; } = FreePort.Find();

    /// <summary>The certificate that it shows.</summary>
    public string Certificate => Path.Combine(Root, "certificate.pem");

    public string Secrets => Path.Combine(Root, "secrets");

    public string ConfigurationFile => Path.Combine(Root, "cluster.conf");

    /// <summary>What the two runs of the command came to.</summary>
    internal CommandEnd ByControl { get; private set; } = new(-1, "", "");

    /// <inheritdoc cref="ByControl"/>
    internal CommandEnd ByManagement { get; private set; } = new(-1, "", "");

    /// <summary>The broker, for its administrator.</summary>
    public Uri Address => new(_server!.Address);

    /// <summary>A program that runs rabbitmqctl against this broker.</summary>
    public string Control => Path.Combine(Root, "rabbitmqctl");

    public string Management => string.Create(CultureInfo.InvariantCulture, $"http://guest@127.0.0.1:{_managementPort}");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(ConfigurationFile, ClusterConf.Replace("WITNESS", Root, StringComparison.Ordinal));
        using (RSA key = RSA.Create())
        {
            CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            SubjectAlternativeNameBuilder names = new();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync($"{Root}/key.pem", key.ExportPkcs8PrivateKeyPem());
        }
        _server = await RabbitMqServer.StartOwnAsync("rabbitmq_management", string.Create(CultureInfo.InvariantCulture, $"""
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_managementPort}
            listeners.ssl.own = 127.0.0.1:{EncryptedPort}
            ssl_options.cacertfile = {Certificate}
            ssl_options.certfile = {Certificate}
            ssl_options.keyfile = {Root}/key.pem

            """));
        string settings = string.Join(' ', _server.Settings.Select(pair => $"{pair.Key}='{pair.Value}'"));
        await File.WriteAllTextAsync(Control, $"#!/bin/sh\nexec env {settings} /usr/lib/rabbitmq/bin/rabbitmqctl \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Control, (UnixFileMode)Executable);
        }
        ByControl = await UsersAsync("matrix", "--rabbitmqctl", Control);
        ByManagement = await UsersAsync("cluster", "--management", Management);
    }

    /// <summary>The address with which a user comes to a virtual host.</summary>
    public string AddressOf(string user, string virtualHost = "cluster") =>
        new UriBuilder(File.ReadAllText(Path.Combine(Secrets, user)).Trim()) { Path = virtualHost }.Uri.AbsoluteUri;

    /// <summary>Runs the command for this cluster.</summary>
    internal Task<CommandEnd> UsersAsync(string virtualHost, params string[] way) => CommandProcess.RunAsync(
        new Dictionary<string, string> { ["QUORATE_MANAGEMENT_PASSWORD"] = "guest" },
        ["broker", "users", "--secrets", Secrets, "--prefix", Prefix, "--config", ConfigurationFile,
            "--broker", $"amqp://127.0.0.1:{Address.Port}/{virtualHost}", .. way]);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        Directory.Delete(Root, recursive: true);
    }
}
