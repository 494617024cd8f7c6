using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Quorate.Contracts;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// A renamed type or property is a message that nobody understands any more, so both are pinned in contracts.txt. Add a line for an
/// optional addition; for anything else add a V2 record. <c>QUORATE_REWRITE=1</c> writes the file anew: read the difference.
/// </summary>
public sealed class When_contracts_travel
{
    private const string RewriteVariable = "QUORATE_REWRITE";

    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "Unit", "House", "contracts.txt");

    private static readonly string[] PinnedNamespaces = ["Quorate.Contracts.V1", "Quorate.Contracts.Views"];

    [Fact]
    public void Types_properties_and_enumeration_names_are_the_pinned_ones()
    {
        string now = Describe();
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllText(Golden, now);
        }

        Assert.Equal(File.ReadAllText(Golden), now);
    }

    [Fact]
    public void Messages_are_sealed_records_without_a_base_or_logic()
    {
        var messages = Pinned().Where(type => type is { IsEnum: false, IsInterface: false });

        Assert.All(messages, type =>
        {
            Assert.True(type.IsSealed, $"{type.Name} is not sealed");
            Assert.Equal(typeof(object), type.BaseType);
            Assert.NotNull(type.GetMethod("<Clone>$"));
            Assert.DoesNotContain(
                type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
                method => !method.IsSpecialName && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null);
        });
    }

    [Fact]
    public void The_contracts_use_no_package()
    {
        Assert.All(typeof(NodeName).Assembly.GetReferencedAssemblies(), reference =>
            Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (Type type in Pinned())
        {
            text.Append(type.IsInterface ? "interface " : "").Append($"urn:message:{type.Namespace}:{type.Name}\n");
            foreach (string line in type.IsEnum ? EnumerationNames(type) : Properties(type))
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<Type> Pinned() =>
        typeof(NodeName).Assembly.GetExportedTypes()
            .Where(type => PinnedNamespaces.Contains(type.Namespace)
                || (type is { IsEnum: true, Namespace: "Quorate.Contracts" }))
            .OrderBy(type => $"{type.Namespace}:{type.Name}", StringComparer.Ordinal);

    private static IEnumerable<string> EnumerationNames(Type type) =>
        Enum.GetValues(type).Cast<object>().Select(value => $"{JsonSerializer.Serialize(value, type).Trim('"')} = {Convert.ToInt64(value)}");

    private static IEnumerable<string> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}: {JsonType(property)}{Demand(property)}");

    private static string Demand(PropertyInfo property) =>
        property.GetCustomAttribute<RequiredMemberAttribute>() is not null ? " required" : "";

    private static string JsonType(PropertyInfo property)
    {
        var nullability = new NullabilityInfoContext().Create(property);
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        string name = type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)
            ? $"[{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}]"
            : type.Name;
        return nullability.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }
}
