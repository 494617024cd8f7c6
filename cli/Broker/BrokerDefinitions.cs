using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

using Quorate.Hosting.Access;

namespace Quorate.Cli.Broker;

/// <summary>
/// The users, their permissions and the exchanges of a cluster as the broker imports them: by the management plugin, by rabbitmqctl, or at its
/// start. An import adds and replaces, and removes nothing.
/// </summary>
/// <remarks>Source: RabbitMQ, "Definition Export and Import" and "Credentials and Passwords" (the hash: four bytes of salt, then SHA-256 of salt and password).</remarks>
internal static class BrokerDefinitions
{
    private const int SaltBytes = 4;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>The document, UTF-8, with hashes and no password.</summary>
    /// <param name="users">Who.</param>
    /// <param name="virtualHost">Where; made if it is not there.</param>
    /// <param name="prefix"><c>Quorate:BusPrefix</c>.</param>
    public static byte[] Of(IReadOnlyList<BrokerUser> users, string virtualHost, string prefix)
    {
        using MemoryStream document = new();
        using (Utf8JsonWriter json = new(document, Indented))
        {
            json.WriteStartObject();
            WriteList(json, "vhosts", [virtualHost], static (list, name) => list.WriteString("name", name));
            WriteList(json, "users", users, static (list, user) =>
            {
                list.WriteString("name", user.Grant.User);
                list.WriteString("password_hash", HashOf(user.Password));
                list.WriteString("hashing_algorithm", "rabbit_password_hashing_sha256");
                // No tags: none of them may use the management plugin.
                list.WriteStartArray("tags");
                list.WriteEndArray();
            });
            WriteList(json, "permissions", users, (list, user) =>
            {
                list.WriteString("user", user.Grant.User);
                list.WriteString("vhost", virtualHost);
                list.WriteString("configure", user.Grant.Configure);
                list.WriteString("write", user.Grant.Write);
                list.WriteString("read", user.Grant.Read);
            });
            // As the transport declares them, so that an observer can subscribe before the first message of a kind was published.
            WriteList(json, "exchanges", BusTraffic.Routes, (list, route) =>
            {
                list.WriteString("name", prefix + route.Message);
                list.WriteString("vhost", virtualHost);
                list.WriteString("type", "fanout");
                list.WriteBoolean("durable", true);
                list.WriteBoolean("auto_delete", false);
                list.WriteBoolean("internal", false);
                list.WriteStartObject("arguments");
                list.WriteEndObject();
            });
            json.WriteEndObject();
        }

        document.WriteByte((byte)'\n');
        return document.ToArray();
    }

    private static string HashOf(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
